# client: keap-core-v2-sdk==2.0.26
"""Drives the emulated Keap with the vendor's own SDK, and nothing else but it.

EMULATOR_URL names the emulator. The models of the SDK check every answer: the vendor generates
them from its OpenAPI.
"""

import json
import os
import sys
import urllib.request

import keap_core_v2_client as keap
from keap_core_v2_client.exceptions import NotFoundException, UnauthorizedException

BASE = os.environ["EMULATOR_URL"].rstrip("/")


def connection():
    with urllib.request.urlopen(f"{BASE}/_emulator") as answer:
        told = json.load(answer)
    return told["settings"], told["credentials"]


def client(settings, token):
    configuration = keap.Configuration(host=f"{settings['api_url']}/crm", access_token=token)
    configuration.retries = False
    return keap.ApiClient(configuration)


def everybody(users):
    wanted = "include_inactive==true;include_partners==true"
    found, token, pages = [], None, 0
    while True:
        page = users.list_paginated_users(filter=wanted, page_size=20, page_token=token)
        found += page.users
        pages += 1
        token = page.next_page_token
        if not token:
            return found, pages


def main():
    settings, credentials = connection()
    api = client(settings, credentials["access_key"])
    users = keap.UsersApi(api)
    me = users.get_user_info()
    assert me.tenant_id and me.is_admin

    found, pages = everybody(users)
    assert pages > 2, f"{pages} pages"
    assert len({user.id for user in found}) == len(found)
    assert {"ACTIVE", "INACTIVE"} <= {user.status for user in found}
    agent = next(user for user in found if user.status == "ACTIVE" and not user.admin)
    assert users.get_user_by_id(agent.id).email_addresses[0].email

    contacts = keap.ContactApi(api)
    fields = ["owner_id", "phone_numbers", "email_addresses", "update_time"]
    some = contacts.list_contacts(fields=fields, page_size=10).contacts
    contact = next(one for one in some if one.phone_numbers)
    number = contact.phone_numbers[0].number
    wanted = f"phone_number=={number};phone_fields==PHONE1,PHONE2"
    by_phone = contacts.list_contacts(filter=wanted).contacts
    assert [one.id for one in by_phone] == [contact.id]
    email = contact.email_addresses[0].email
    by_email = contacts.list_contacts(filter=f"email=={email}").contacts
    assert [one.id for one in by_email] == [contact.id]

    notes = keap.NoteApi(api)
    request = keap.CreateNoteRequest(user_id=agent.id, type="Call", title="Call cp-7f3a", text="3 min")
    note = notes.create_note(contact.id, request)
    assert note.assigned_to_user.id == agent.id
    again = notes.get_note(contact.id, note.id)
    assert (again.title, again.assigned_to_user.id) == ("Call cp-7f3a", agent.id)
    listed = notes.list_all_notes(filter="title==cp-7f3a").notes
    assert [one.id for one in listed] == [note.id]

    tasks = keap.TaskApi(api)
    request = keap.CreateTaskRequest(assigned_to_user_id=agent.id, title="Call back", contact_id=contact.id)
    task = tasks.create_task(request)
    assert tasks.get_task(task.id).assigned_to_user_id == agent.id

    try:
        users.get_user_by_id("999999")
        sys.exit("an unknown user was found")
    except NotFoundException as error:
        assert error.data.status == "NOT_FOUND", error
    try:
        keap.UsersApi(client(settings, "wrong")).get_user_info()
        sys.exit("a wrong token was taken")
    except UnauthorizedException as error:
        assert "keymanagement.service.invalid_access_token" in error.body

    print(f"ok: {len(found)} users on {pages} pages, a contact by phone and e-mail, a call note and "
          "a task with their user, read back; NotFoundException, UnauthorizedException")


if __name__ == "__main__":
    main()
