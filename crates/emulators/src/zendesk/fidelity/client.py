# client: zenpy==2.0.57
"""Drives the emulated Zendesk through zenpy: staff over pages, a caller, a ticket, an error."""

import json
import os
import urllib.request

import requests
from requests.adapters import HTTPAdapter
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket, User
from zenpy.lib.exception import APIException, RecordNotFoundException

URL = os.environ["EMULATOR_URL"].rstrip("/")


HOST = "https://northwind.zendesk.com"


class ToEmulator(HTTPAdapter):
    """Sends what is meant for the vendor's host to the emulator; the library sees its own address."""

    def send(self, request, **options):
        path = request.url.removeprefix(HOST).removeprefix(URL)
        sent = request.copy()
        sent.url = URL + path
        answer = super().send(sent, **options)
        request.url = answer.url = HOST + path
        answer.request = request
        return answer


def control(path):
    with urllib.request.urlopen(URL + "/_emulator" + path) as answer:
        return json.load(answer)



def signed(email, token):
    session = requests.Session()
    session.mount(HOST, ToEmulator())
    # Addresses of next pages are the emulator's own.
    session.mount(URL, ToEmulator())
    return Zenpy(subdomain="northwind", email=email, token=token, session=session)


credentials = control("")["credentials"]
zendesk = signed(credentials["email"], credentials["api_token"])

me = zendesk.users.me()
assert me.role == "admin" and me.email == credentials["email"]

expected = {int(user["id"]): user for user in control("/users")}
by_cursor = list(zendesk.users(role=["agent", "admin"], cursor_pagination=20))
assert {user.id for user in by_cursor} == set(expected), "staff by cursor"
assert sum(user.suspended for user in by_cursor) == sum(u["state"] == "inactive" for u in expected.values())
everybody = list(zendesk.users(per_page=20, cursor_pagination=False))
assert len(everybody) == len(expected) + len(control("/contacts"))

exported = zendesk.users.incremental(start_time=1, paginate_by_time=False)
assert {user.id for user in exported} >= set(expected), "the export"

contact = control("/contacts")[0]
digits = "".join(filter(str.isdigit, contact["phone"]))[-10:]
found = list(zendesk.search(type="user", phone="*" + digits))
assert [str(user.id) for user in found] == [contact["id"]], "by the last digits"
found = list(zendesk.users.search(query="email:" + contact["email"]))
assert [str(user.id) for user in found] == [contact["id"]], "by address"

agent = next(user for user in by_cursor if not user.suspended)
made = zendesk.tickets.create(
    Ticket(
        subject="Call from a customer",
        comment=Comment(body="Rang about the bill", public=False),
        requester_id=int(contact["id"]),
        assignee_id=agent.id,
        external_id="call-7",
    )
)
ticket = zendesk.tickets(id=made.ticket.id)
assert ticket.assignee_id == agent.id and ticket.external_id == "call-7"
ticket.comment = Comment(body="Rang again", public=False)
zendesk.tickets.update(ticket)
assert [comment.body for comment in zendesk.tickets.comments(ticket)] == ["Rang about the bill", "Rang again"]

user = zendesk.users.create_or_update(User(name="Cara Caller", email="cara@customers.example"))
assert user.role == "end-user"

try:
    zendesk.users(id=4)
    raise AssertionError("an unknown user was found")
except RecordNotFoundException:
    pass
try:
    zendesk.tickets.create(Ticket(subject="x", comment=Comment(body="x"), assignee_id=4))
    raise AssertionError("an unknown assignee was taken")
except APIException as error:
    assert "Assignee: is invalid" in str(error)
try:
    signed("nobody@example.com", "wrong").users.me()
    raise AssertionError("wrong credentials were taken")
except APIException as error:
    assert error.response.status_code == 401

print(f"ok: zenpy listed {len(by_cursor)} staff by cursor and export, found a caller, wrote a ticket, met typed errors")
