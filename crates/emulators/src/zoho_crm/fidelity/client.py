# client: zohocrmsdk8_0==7.0.0
"""Drives the emulator with the vendor's own SDK, which knows the data centres' https addresses
only: its `Environment` takes others, and its token keeps to them when it is told no new ones."""

import datetime
import json
import logging
import os
import tempfile
import urllib.request

from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule
from zohocrmsdk.src.com.zoho.crm.api.notes import ActionWrapper as NotesWrapper
from zohocrmsdk.src.com.zoho.crm.api.notes import BodyWrapper as NotesBody
from zohocrmsdk.src.com.zoho.crm.api.notes import Note, NotesOperations, ParentId
from zohocrmsdk.src.com.zoho.crm.api.notes import SuccessResponse as NoteWritten
from zohocrmsdk.src.com.zoho.crm.api.notifications import (
    BodyWrapper as WatchBody,
    Notification,
    NotificationsOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.notifications import ResponseWrapper as WatchWrapper
from zohocrmsdk.src.com.zoho.crm.api.record import (
    APIException,
    ActionWrapper,
    BodyWrapper,
    Field,
    GetRecordParam,
    GetRecordsHeader,
    GetRecordsParam,
    Record,
    RecordOperations,
    ResponseWrapper,
    SearchRecordsParam,
    SuccessResponse,
)
from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig
from zohocrmsdk.src.com.zoho.crm.api.users import (
    GetUsersParam,
    MinifiedUser,
    UsersOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.users import ResponseWrapper as UsersWrapper
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

logging.disable(logging.CRITICAL)


def told(path):
    with urllib.request.urlopen(os.environ["EMULATOR_URL"] + path) as answer:
        return json.load(answer)


def initialise(folder, about):
    base = about["settings"]["accounts_url"]
    Initializer.initialize(
        environment=DataCenter.Environment(base, base + "/oauth/v2/token", base),
        token=OAuthToken(
            client_id=about["credentials"]["client_id"],
            client_secret=about["credentials"]["client_secret"],
            grant_token=about["credentials"]["grant_code"],
        ),
        store=FileStore(os.path.join(folder, "tokens.txt")),
        sdk_config=SDKConfig(auto_refresh_fields=False, pick_list_validation=True),
        resource_path=folder,
        logger=Logger.get_instance(
            level=Logger.Levels.CRITICAL, file_path=os.path.join(folder, "log.txt")
        ),
    )


def users():
    """Every user, page by page."""
    found, page = [], 1
    while True:
        asked = ParameterMap()
        asked.add(GetUsersParam.type, "AllUsers")
        asked.add(GetUsersParam.page, page)
        asked.add(GetUsersParam.per_page, 20)
        answer = UsersOperations().get_users(asked)
        wrapper = answer.get_object()
        assert isinstance(wrapper, UsersWrapper), answer.get_status_code()
        found += wrapper.get_users()
        if not wrapper.get_info().get_more_records():
            return found, page
        page += 1


def contact_by(parameter, value):
    asked = ParameterMap()
    asked.add(parameter, value)
    asked.add(SearchRecordsParam.fields, "Last_Name,Phone,Email,Owner")
    wrapper = RecordOperations("Contacts").search_records(asked).get_object()
    assert isinstance(wrapper, ResponseWrapper), wrapper
    return wrapper.get_data()[0]


def write_call(owner, contact, call_type="Inbound"):
    call = Record()
    call.add_key_value("Subject", "Call from " + str(contact.get_key_value("Phone")))
    call.add_key_value("Call_Type", Choice(call_type))
    moment = datetime.datetime(2026, 1, 20, 10, 30, tzinfo=datetime.timezone.utc)
    call.add_key_value("Call_Start_Time", moment)
    call.add_key_value("Call_Duration", "02:05")
    user = MinifiedUser()
    user.set_id(owner)
    call.add_key_value("Owner", user)
    who = Record()
    who.set_id(contact.get_id())
    call.add_field_value(Field.Calls.who_id(), who)
    body = BodyWrapper()
    body.set_data([call])
    wrapper = RecordOperations("Calls").create_records(body).get_object()
    assert isinstance(wrapper, ActionWrapper), wrapper
    return wrapper.get_data()[0]


def read_call(number):
    asked = ParameterMap()
    asked.add(GetRecordParam.fields, "Subject,Owner,Who_Id,Call_Start_Time,Call_Duration")
    wrapper = RecordOperations("Calls").get_record(number, asked).get_object()
    assert isinstance(wrapper, ResponseWrapper), wrapper
    return wrapper.get_data()[0]


def contacts(since=None):
    """Every contact, or those changed since, page by page and by token."""
    found, token = [], None
    headers = HeaderMap()
    if since is not None:
        headers.add(GetRecordsHeader.if_modified_since, since)
    while True:
        asked = ParameterMap()
        asked.add(GetRecordsParam.fields, "Last_Name,Phone,Owner,Modified_Time")
        asked.add(GetRecordsParam.per_page, 10)
        if token is not None:
            asked.add(GetRecordsParam.page_token, token)
        answer = RecordOperations("Contacts").get_records(asked, headers)
        if answer.get_status_code() == 304:
            return found
        wrapper = answer.get_object()
        assert isinstance(wrapper, ResponseWrapper), wrapper
        found += wrapper.get_data()
        token = wrapper.get_info().get_next_page_token()
        if token is None:
            return found


def upsert_task(owner):
    task = Record()
    task.add_key_value("Subject", "Ring back")
    task.add_key_value("Ext_Id", "leg-1")
    user = MinifiedUser()
    user.set_id(owner)
    task.add_key_value("Owner", user)
    body = BodyWrapper()
    body.set_data([task])
    body.set_duplicate_check_fields(["Ext_Id"])
    wrapper = RecordOperations("Tasks").upsert_records(body).get_object()
    assert isinstance(wrapper, ActionWrapper), wrapper
    return wrapper.get_data()[0]


def write_note(contact):
    note, parent, module = Note(), ParentId(), MinifiedModule()
    module.set_api_name("Contacts")
    parent.set_id(contact.get_id())
    parent.set_module(module)
    note.set_note_title("Call")
    note.set_note_content("Rang about the bill")
    note.set_parent_id(parent)
    body = NotesBody()
    body.set_data([note])
    wrapper = NotesOperations().create_notes(body).get_object()
    assert isinstance(wrapper, NotesWrapper), wrapper
    return wrapper.get_data()[0]


def subscribe():
    wanted = Notification()
    wanted.set_channel_id("1000000068001")
    wanted.set_events(["Contacts.all"])
    wanted.set_token("t0ken")
    wanted.set_notify_url("https://counterpart.example/hook")
    body = WatchBody()
    body.set_watch([wanted])
    answer = NotificationsOperations().enable_notifications(body)
    assert answer.get_status_code() == 201, answer.get_object()
    wrapper = NotificationsOperations().get_notifications(ParameterMap()).get_object()
    assert isinstance(wrapper, WatchWrapper), wrapper
    return wrapper.get_watch()


def main():
    about = told("/_emulator")
    with tempfile.TemporaryDirectory() as folder:
        initialise(folder, about)

        listed, pages = users()
        assert pages > 1 and len(listed) == about["users"], (pages, len(listed))
        agent = next(user for user in listed if user.get_status() == "active")

        somebody = next(one for one in told("/_emulator/contacts") if one["kind"] == "contact")
        found = contact_by(SearchRecordsParam.phone, somebody["phone"])
        assert str(found.get_id()) == somebody["id"], found.get_id()
        assert contact_by(SearchRecordsParam.email, somebody["email"]).get_id() == found.get_id()

        done = write_call(agent.get_id(), found)
        assert isinstance(done, SuccessResponse), (done.get_code().get_value(), done.get_details())
        call = read_call(int(done.get_details()["id"]))
        assert call.get_key_value("Owner").get_id() == agent.get_id()
        assert call.get_key_value("Who_Id").get_id() == found.get_id()

        refused = write_call(1, found)
        assert isinstance(refused, APIException), refused
        assert refused.get_code().get_value() == "INVALID_DATA"
        assert refused.get_details()["api_name"] == "Owner"

        people = [one for one in told("/_emulator/contacts") if one["kind"] == "contact"]
        assert len(contacts()) == len(people)
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        assert contacts(since=tomorrow) == []
        first, second = upsert_task(agent.get_id()), upsert_task(agent.get_id())
        assert first.get_details()["id"] == second.get_details()["id"]
        assert (first.get_action().get_value(), second.get_action().get_value()) == (
            "insert",
            "update",
        )
        assert isinstance(write_note(found), NoteWritten)
        assert [one.get_channel_id() for one in subscribe()] == ["1000000068001"]
    print(f"ok: zohocrmsdk8_0 listed {len(listed)} users in {pages} pages, found a contact by "
          "phone and e-mail, wrote a call, read its owner back and met INVALID_DATA, listed "
          "contacts by token and since a time, upserted a task, wrote a note, subscribed")


if __name__ == "__main__":
    main()
