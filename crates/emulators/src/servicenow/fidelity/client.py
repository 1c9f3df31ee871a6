# client: pysnc==1.2.1
# client: requests-oauthlib==2.0.0
"""Drives the emulated ServiceNow through its own pysnc: users over pages, a caller, an incident."""

import json
import os
import urllib.request

import requests
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from pysnc import ServiceNowClient
from pysnc.exceptions import AuthenticationException, RequestException
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2Session

URL = os.environ["EMULATOR_URL"].rstrip("/")
INSTANCE = "https://northwind.service-now.com"


class ToEmulator(HTTPAdapter):
    """Sends what is meant for the instance, which must be https, to the emulator."""

    def send(self, request, **options):
        request.url = URL + request.url.removeprefix(INSTANCE)
        return super().send(request, **options)


def client(session):
    session.mount(INSTANCE, ToEmulator())
    # Its retries would mount a transport of their own.
    return ServiceNowClient(INSTANCE, session, auto_retry=False)


def by_password(name, password):
    session = requests.Session()
    session.auth = (name, password)
    return client(session)


def by_oauth(kind, client_id, client_secret, **more):
    session = OAuth2Session(client=kind(client_id=client_id))
    session.mount(INSTANCE, ToEmulator())
    session.fetch_token(INSTANCE + "/oauth_token.do", client_id=client_id, client_secret=client_secret, **more)
    return client(session)


def control(path):
    with urllib.request.urlopen(URL + "/_emulator" + path) as answer:
        return json.load(answer)


credentials = control("")["credentials"]
name, password = credentials["username"], credentials["password"]
oauth = credentials["client_id"], credentials["client_secret"]
snc = by_password(name, password)

expected = {user["id"]: user for user in control("/users") if user["state"] != "deleted"}
roles = snc.GlideRecord("sys_user_has_role", batch_size=20)
roles.fields = ["sys_id", "user", "user.user_name"]
roles.add_query("role.name", "itil")
roles.order_by("sys_id")
roles.query()
assert {row.get_value("user") for row in roles} == set(expected), "staff by their role"
assert roles.get_row_count() == len(expected) > 40

off = snc.GlideRecord("sys_user", batch_size=20)
off.add_active_query()
off.query()
active = sum(user["state"] == "active" for user in expected.values())
assert off.get_row_count() == active + len(control("/contacts"))

me = snc.GlideRecord("sys_user")
me.add_encoded_query("user_name=javascript:gs.getUserName()")
me.query()
assert me.next() and me.get_value("user_name") == name

contact = control("/contacts")[0]
caller = snc.GlideRecord("customer_contact")
caller.add_query("phone", "LIKE", contact["phone"][-7:]).add_or_condition("email", contact["email"])
caller.query()
assert caller.next() and caller.get_value("sys_id") == contact["id"]

agent = next(user for user in expected.values() if user["state"] == "active")
call = snc.GlideRecord("incident")
call.initialize()
call.short_description = "Call from a customer"
call.caller_id = contact["id"]
call.assigned_to = agent["id"]
call.correlation_id = "call-7"
key = call.insert()
assert key
again = snc.GlideRecord("incident")
assert again.get("correlation_id", "call-7") and again.get_value("sys_id") == key
assert again.get_value("assigned_to") == agent["id"]
again.state = "2"
again.update()
assert again.get_display_value("state") == "In Progress"
interaction = snc.GlideRecord("interaction")
interaction.initialize()
interaction.opened_for = contact["id"]
interaction.assigned_to = agent["id"]
assert interaction.insert() and interaction.delete()

for signed in (
    by_oauth(LegacyApplicationClient, *oauth, username=name, password=password),
    by_oauth(BackendApplicationClient, *oauth, include_client_id=True),
):
    record = signed.GlideRecord("sys_user")
    assert record.get(agent["id"]) and record.get_value("email") == agent["email"]

try:
    snc.GlideRecord("sys_nonexistent").query()
    raise AssertionError("a table that is not there was read")
except RequestException as error:
    assert "Invalid table" in str(error)
try:
    by_password(name, "wrong").GlideRecord("sys_user").query()
    raise AssertionError("a wrong password was taken")
except AuthenticationException:
    pass

print(f"ok: pysnc listed {len(expected)} users, found a caller, wrote an incident, signed in three ways, met typed errors")
