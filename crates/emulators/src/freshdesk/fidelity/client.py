# client: python-freshdesk==1.3.9
"""Drives the emulated Freshdesk through python-freshdesk: agents over pages, a caller, a call."""

import json
import os
import urllib.request

from freshdesk.v2.api import API
from freshdesk.v2.errors import FreshdeskBadRequest, FreshdeskNotFound, FreshdeskUnauthorized
from requests.adapters import HTTPAdapter

URL = os.environ["EMULATOR_URL"].rstrip("/")
HOST = "northwind.freshdesk.com"


class ToEmulator(HTTPAdapter):
    """Sends what is meant for the vendor's host to the emulator."""

    def send(self, request, **options):
        request.url = URL + request.url.split(HOST, 1)[1]
        return super().send(request, **options)


def control(path):
    with urllib.request.urlopen(URL + "/_emulator" + path) as answer:
        return json.load(answer)


def client(key):
    api = API(HOST, key)
    # The library has no setting for another address; its session takes a transport.
    api._session.mount("https://", ToEmulator())
    return api


freshdesk = client(control("")["credentials"]["api_key"])
me = freshdesk.agents.currently_authenticated_agent()
expected = {int(user["id"]) for user in control("/users") if user["state"] != "deleted"}
agents = freshdesk.agents.list_agents(per_page=20)
assert len(agents) > 40 and {agent.id for agent in agents} == expected and me.id in expected
# The library knows nothing of availability, so who is switched off is asked of the emulator.
off = {int(user["id"]) for user in control("/users") if user["state"] == "inactive"}

contact = control("/contacts")[0]
found = freshdesk.contacts.list_contacts(phone=contact["phone"])
assert [str(one.id) for one in found] == [contact["id"]], "by number"
found = freshdesk.contacts.list_contacts(email=contact["email"])
assert [str(one.id) for one in found] == [contact["id"]], "by address"

agent = next(agent for agent in agents if agent.id not in off)
ticket = freshdesk.tickets.create_ticket(
    "Call from a customer",
    description="<p>Rang about the bill</p>",
    requester_id=int(contact["id"]),
    responder_id=agent.id,
    source=3,
    tags=["call-7"],
)
again = freshdesk.tickets.get_ticket(ticket.id)
assert again.responder_id == agent.id and again.source == "phone" and again.tags == ["call-7"]
freshdesk.comments.create_note(ticket.id, "Rang again", user_id=agent.id)
assert [note.body for note in freshdesk.comments.list_comments(ticket.id)] == ["Rang again"]
found = freshdesk.tickets.filter_tickets(query="tag:'call-7'")
assert [one.id for one in found] == [ticket.id]

try:
    freshdesk.tickets.create_ticket("x", description="x", email="a@b.example", responder_id=4)
    raise AssertionError("an unknown agent was taken")
except FreshdeskBadRequest as error:
    assert "responder_id" in str(error)
try:
    freshdesk.agents.get_agent(4)
    raise AssertionError("an unknown agent was found")
except FreshdeskNotFound:
    pass
try:
    client("wrong").agents.currently_authenticated_agent()
    raise AssertionError("a wrong key was taken")
except FreshdeskUnauthorized:
    pass

print(f"ok: python-freshdesk listed {len(agents)} agents, found a caller, wrote a ticket and a note, met typed errors")
