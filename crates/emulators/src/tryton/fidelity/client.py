# client: tryton==7.0.44 --no-deps
"""Drives the emulated Tryton by the JSON-RPC part of Tryton's own desktop client.

The package is the whole desktop client. Its window needs GTK, which is neither installed nor
wanted here, so the module of the protocol is loaded by itself; it needs nothing but Python.
"""

import importlib.util
import json
import os
import sys
import types
import urllib.parse
import urllib.request


def protocol():
    """The module tryton.jsonrpc, without running tryton/__init__.py."""
    package = importlib.util.find_spec("tryton")
    stand_in = types.ModuleType("tryton")
    stand_in.__path__ = list(package.submodule_search_locations)
    sys.modules["tryton"] = stand_in
    return importlib.import_module("tryton.jsonrpc")


jsonrpc = protocol()
url = os.environ["EMULATOR_URL"]
about = json.load(urllib.request.urlopen(f"{url}/_emulator"))
credentials, database = about["credentials"], about["settings"]["database"]
address = urllib.parse.urlsplit(url)


class PlainHttp(dict):
    """What the client remembers of certificates: of this server, that it has none."""

    def exists(self, host):
        return True

    def get(self, host):
        return None

    def set(self, host, fingerprint):
        pass


def server(session=None):
    return jsonrpc.ServerProxy(address.hostname, address.port, database, fingerprints=PlainHttp(), session=session)


def call(connection, method, *params):
    return getattr(connection, method)(*params)


try:
    call(server(), "common.db.login", credentials["username"], {}, "en")
except jsonrpc.Fault as fault:
    assert fault.faultCode == "LoginException", fault
try:
    call(server(), "common.db.login", credentials["username"], {"password": "wrong"}, "en")
except jsonrpc.Fault as fault:
    assert fault.faultCode == "401", fault
else:
    raise AssertionError("a wrong password was taken")

password = {"password": credentials["password"]}
user, key = call(server(), "common.db.login", credentials["username"], password, "en")
connection = server(":".join([credentials["username"], str(user), key]))
model = connection.model

# Users, inactive ones included, over several pages.
rows, last = [], -1
while True:
    domain = [["id", ">", last], ["active", "in", [True, False]]]
    page = model.res.user.search_read(domain, 0, 20, [["id", "ASC"]], ["name", "login", "active", "write_date"], {})
    if not page:
        break
    rows += page
    last = page[-1]["id"]
total = model.res.user.search_count([["active", "in", [True, False]]], {})
assert len(rows) == total > 40, (len(rows), total)
assert rows[0]["write_date"].year > 2000

# A party by its number in the server's spelling, and by e-mail.
some = model.party.contact_mechanism.search_read([["type", "=", "phone"]], 0, 1, None, ["value_compact", "party"], {})[0]
domain = [["value_compact", "=", some["value_compact"]]]
found = model.party.contact_mechanism.search_read(domain, 0, 10, None, ["party", "party.name", "party.email"], {})
assert found[0]["party"] == some["party"] and found[0]["party."]["name"]
domain = [["contact_mechanisms.value", "ilike", found[0]["party."]["email"].upper()]]
assert model.party.party.search(domain, 0, 10, None, {}) == [some["party"]]

# An opportunity of an employee, read back, changed, found by what it holds.
colleagues = model.res.user.search_read([["employees", "!=", None]], 0, 1, None, ["employees", "employees.party.name"], {})
employee = colleagues[0]["employees"][0]
values = {"party": some["party"], "employee": employee, "description": "Inbound call", "comment": "key=fidelity-1"}
(made,) = model.sale.opportunity.create([values], {"company": 1})
model.sale.opportunity.write([made], {"comment": "key=fidelity-1, 3 min"}, {})
read = model.sale.opportunity.read([made], ["employee", "create_uid", "create_date", "comment"], {})[0]
assert read["employee"] == employee and read["create_uid"] == user
assert model.sale.opportunity.search([["comment", "ilike", "%fidelity-1%"]], 0, 5, None, {}) == [made]

try:
    model.sale.opportunity.create([{"employee": 999999}], {"company": 1})
except jsonrpc.Fault as fault:
    assert fault.faultCode == "UserError", fault
else:
    raise AssertionError("an opportunity was given to nobody")
call(connection, "common.db.logout")
print(f"ok: Tryton's client listed {total} users, found a party, gave an opportunity to an employee, met a UserError")
