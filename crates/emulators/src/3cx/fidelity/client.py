# client: 3cx-xapi-python-sdk==3.0.0
"""Drives the emulated 3CX by the Python SDK of its configuration API, with its own calls only."""

import json
import os
import urllib.request

from threecx import ODataQuery, ThreeCXClient
from threecx.exceptions import AuthenticationError, NotFoundError, ValidationError

url = os.environ["EMULATOR_URL"]
about = json.load(urllib.request.urlopen(f"{url}/_emulator"))
credentials = about["credentials"]

try:
    ThreeCXClient(url, credentials["client_id"], "wrong").users.list()
except AuthenticationError:
    pass
else:
    raise AssertionError("a wrong secret was taken")

with ThreeCXClient(url, credentials["client_id"], credentials["client_secret"]) as client:
    # Users over several pages; every model is made from the vendor's specification.
    users, fields = [], ("Id", "Number", "FirstName", "LastName", "EmailAddress", "Enabled", "Phones")
    while True:
        query = ODataQuery().select(*fields).expand("Groups").order_by("Id").top(20).skip(len(users)).count()
        page = client.users.list(query)
        if not page:
            break
        users += page
    assert len({user.number for user in users}) == len(users) > 40, len(users)
    assert any(not user.enabled for user in users) and all(user.groups for user in users)
    person = next(user for user in users if user.enabled and user.phones)
    again = client.users.get_by_number(person.number, ODataQuery().select("Id", "EmailAddress"))
    assert (again.id, again.email_address) == (person.id, person.email_address)
    assert client.users.list(ODataQuery().filter(f"EmailAddress eq '{person.email_address}'"))
    assert client.users.get(person.id).auth_password, "the record holds secrets"

    # Numbers, departments, every line there is.
    numbers = client.defs.list_did_numbers(ODataQuery().expand("RoutingRule").top(5))
    assert numbers[0]["RoutingRule"]["OfficeHoursDestination"]["To"] == "Extension"
    assert client.inbound_rules.list(ODataQuery().top(1))[0].data == numbers[0]["Number"]
    assert any(group.is_default for group in client.groups.list())
    assert client.queues.list(ODataQuery().expand("Agents"))[0].agents
    assert len(client.trunks.list_peers()) > len(users)

    # A call, seen again.
    made = client.users.make_call("+442079460107", dn=person.number)
    assert made["Result"]["DN"] == person.number
    assert any(call.caller.startswith(person.number) for call in client.active_calls.list())

    for refused, error in [
        (lambda: client.users.list(ODataQuery().select("Nope")), ValidationError),
        (lambda: client.users.get(999999), NotFoundError),
    ]:
        try:
            refused()
        except error:
            pass
        else:
            raise AssertionError(f"no {error.__name__}")

    # Another client's token ends this one's.
    with ThreeCXClient(url, credentials["client_id"], credentials["client_secret"]) as other:
        other.users.list(ODataQuery().top(1))
        try:
            client.users.list(ODataQuery().top(1))
        except AuthenticationError:
            client.invalidate_token()
        else:
            raise AssertionError("two tokens are live")
    assert client.users.list(ODataQuery().top(1))
print(f"ok: the SDK listed {len(users)} users with departments, numbers and peers, started a call, met typed errors")
