# client: OdooRPC==0.10.1
"""Drives the emulated Odoo by OdooRPC, over JSON-RPC, with its own calls only."""

import json
import os
import urllib.parse
import urllib.request

import odoorpc

url = os.environ["EMULATOR_URL"]
about = json.load(urllib.request.urlopen(f"{url}/_emulator"))
credentials, settings = about["credentials"], about["settings"]
address = urllib.parse.urlsplit(url)

odoo = odoorpc.ODOO(address.hostname, protocol="jsonrpc", port=address.port)
assert odoo.version == "18.0", odoo.version
try:
    odoo.login(settings["database"], credentials["username"], "wrong")
except odoorpc.error.RPCError as error:
    assert "Wrong login ID or password" in str(error), error
else:
    raise AssertionError("a wrong password was taken")
odoo.login(settings["database"], credentials["username"], credentials["api_key"])

# Users, archived ones included, over several pages.
users = odoo.env["res.users"]
domain = [("active", "in", [True, False])]
total = users.search_count(domain)
ids = []
while True:
    page = users.search(domain, offset=len(ids), limit=20, order="id")
    if not page:
        break
    ids += page
assert len(ids) == len(set(ids)) == total > 40, (len(ids), total)
assert len(users.search([])) < total
me = odoo.env.user
assert me.login == credentials["username"] and me.partner_id.name == me.name

# A customer by a number as nobody typed it, and by e-mail.
partners = odoo.env["res.partner"]
known = partners.browse(partners.search([("phone_sanitized", "!=", False), ("user_ids", "=", False)], limit=1))
digits = known.phone_sanitized[-7:]
pattern = "%".join(digits)
found = partners.search(["|", ("phone", "ilike", pattern), ("mobile", "ilike", pattern)])
assert known.id in found, (known.id, found)
assert partners.search([("email", "=ilike", known.email.upper())]) == [known.id]

# A call under a colleague, read back, changed, found by what it holds.
colleague = next(user for user in users.browse(ids) if user.active and user.id != me.id)
calls = odoo.env["crm.phonecall"]
call = calls.browse(
    calls.create({
        "name": "Inbound call", "partner_id": known.id, "direction": "in", "state": "done",
        "user_id": colleague.id, "duration": 3.5, "date": "2026-11-22 04:30:00", "description": "key=fidelity-1",
    })
)
assert call.user_id.id == colleague.id and call.create_uid.id == me.id
call.state = "pending"
assert calls.read(call.id, ["state"])[0]["state"] == "pending"
assert calls.search([("description", "like", "fidelity-1")]) == [call.id]

try:
    calls.create({"name": "x", "user_id": 999999})
except odoorpc.error.RPCError as error:
    assert error.info["data"]["name"] == "odoo.exceptions.ValidationError", error.info
else:
    raise AssertionError("a call was given to nobody")
print(f"ok: OdooRPC listed {total} users, found a customer, logged a call under a colleague, met a ValidationError")
