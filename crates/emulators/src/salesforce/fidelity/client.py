# client: simple-salesforce==1.12.10
"""Drives the emulated Salesforce with simple-salesforce, by the library's own calls alone.

The library speaks https to hosts of salesforce.com; an adapter of its `requests` session sends
the same requests to EMULATOR_URL instead. Started with `--page-size 20`, users come in pages.
"""

import os
import urllib.parse

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce, SalesforceMalformedRequest, format_soql
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

EMULATOR = os.environ["EMULATOR_URL"].rstrip("/")


class ToEmulator(HTTPAdapter):
    """Sends every request to the emulator, whatever host it names."""

    def send(self, request, **options):
        parts = urllib.parse.urlsplit(request.url)
        request.url = EMULATOR + urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
        request.headers["Host"] = urllib.parse.urlsplit(EMULATOR).netloc
        return super().send(request, **options)


def session():
    made = requests.Session()
    made.mount("https://", ToEmulator())
    return made


def fails(error, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except error as found:
        return found
    raise AssertionError(f"{error.__name__} was expected")


form = requests.get(f"{EMULATOR}/_emulator", timeout=10).json()["credentials"]
app = {"consumer_key": form["client_id"], "consumer_secret": form["client_secret"]}

# Signing in: client credentials, a signed assertion, a wrong secret.
sf = Salesforce(**app, domain="northwind.my", session=session(), version="62.0")
signed = Salesforce(
    username=form["username"],
    consumer_key=form["client_id"],
    privatekey=form["private_key"],
    domain="login",
    session=session(),
    version="62.0",
)
wrong = {**app, "consumer_secret": "wrong"}
fails(SalesforceAuthenticationFailed, Salesforce, **wrong, domain="northwind.my", session=session())
assert signed.query("SELECT Id FROM Organization")["totalSize"] == 1

# Users, over all pages.
users = sf.query_all("SELECT Id, Name, Email, IsActive, UserType, Profile.Name FROM User ORDER BY Id")
assert users["done"] and len(users["records"]) == users["totalSize"] > 60
people = [user for user in users["records"] if user["UserType"] == "Standard"]
agent = next(user for user in people if user["IsActive"])
left = next(user for user in people if not user["IsActive"])
assert len({user["Id"] for user in sf.query_all_iter("SELECT Id FROM User")}) == users["totalSize"]

# A customer by telephone and by e-mail.
known = sf.query("SELECT Id, Phone, Email FROM Contact WHERE Phone != null LIMIT 1")["records"][0]
digits = "".join(letter for letter in known["Phone"] if letter.isdigit())
found = sf.search(f"FIND {{{digits}}} IN PHONE FIELDS RETURNING Contact(Id, Name, OwnerId)")
assert known["Id"] in [record["Id"] for record in found["searchRecords"]]
by_mail = sf.query(format_soql("SELECT Id FROM Contact WHERE Email = {}", known["Email"]))
assert by_mail["records"][0]["Id"] == known["Id"]

# A call under its owner, written once, read back, changed, found by its key.
call = {
    "Subject": "Call",
    "Status": "Completed",
    "OwnerId": agent["Id"],
    "WhoId": known["Id"],
    "TaskSubtype": "Call",
    "CallType": "Inbound",
    "CallDurationInSeconds": 185,
}
assert sf.Task.upsert("CallExtId__c/fidelity-1", call) == 201
del call["TaskSubtype"]  # it can be chosen only when the task is made
assert sf.Task.upsert("CallExtId__c/fidelity-1", call) == 200
task = sf.Task.get_by_custom_id("CallExtId__c", "fidelity-1")
assert task["OwnerId"] == agent["Id"] and task["IsClosed"]
assert sf.Task.update(task["Id"], {"Description": "rang back"}) == 204
made = sf.Task.create({"Subject": "Ring back", "OwnerId": agent["Id"], "CallExtId__c": "fidelity-1"})
assert made["success"]
fails(SalesforceMoreThanOneRecord, sf.Task.upsert, "CallExtId__c/fidelity-1", call)
assert sf.Task.delete(made["id"]) == 204

# Errors as the library's own exceptions.
inactive = fails(SalesforceMalformedRequest, sf.Task.create, {**call, "OwnerId": left["Id"]})
assert inactive.content[0]["errorCode"] == "INACTIVE_OWNER_OR_USER"
fails(SalesforceMalformedRequest, sf.query, "SELECT Shoe FROM User")
fails(SalesforceResourceNotFound, sf.Task.get, "00T000000000001AAA")
expired = Salesforce(
    session_id="00D!none", instance_url="https://northwind.my.salesforce.com", session=session()
)
fails(SalesforceExpiredSession, expired.query, "SELECT Id FROM User")

# What there is and what is left of the allowance.
key = next(field for field in sf.Task.describe()["fields"] if field["name"] == "CallExtId__c")
assert key["externalId"] and not key["unique"]
assert sf.limits()["DailyApiRequests"]["Max"] > 0
assert sf.api_usage["api-usage"].used > 0

print(f"ok: {users['totalSize']} users in pages, search by telephone and e-mail, a task upserted, read back and deleted, five typed errors")
