# client: hubspot-api-client==12.0.0
"""Drives the emulated HubSpot with the vendor's own client library.

Takes EMULATOR_URL from the environment; prints one line and ends with 0 when everything was as
the library expects it.
"""

import json
import os
import urllib.request

from hubspot import Client
from hubspot.crm.contacts import ApiException as ContactsError
from hubspot.crm.contacts import Filter, FilterGroup, PublicObjectSearchRequest
from hubspot.crm.objects.calls import (
    AssociationSpec,
    BatchInputSimplePublicObjectBatchInputUpsert,
    PublicAssociationsForObject,
    PublicObjectId,
    SimplePublicObjectBatchInputUpsert,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.objects.calls import ApiException as CallsError
from hubspot.crm.owners import ApiException as OwnersError
from hubspot.crm.properties import PropertyCreate

URL = os.environ["EMULATOR_URL"].rstrip("/")


def emulator():
    with urllib.request.urlopen(f"{URL}/_emulator") as answer:
        return json.load(answer)


def owners(client, archived):
    """Every owner, a few at a time."""
    found, after, pages = [], None, 0
    while True:
        page = client.crm.owners.owners_api.get_page(limit=20, after=after, archived=archived)
        found += page.results
        pages += 1
        if page.paging is None:
            return found, pages
        after = page.paging.next.after


def search(client, name, value):
    query = PublicObjectSearchRequest(
        filter_groups=[FilterGroup([Filter(property_name=name, operator="EQ", value=value)])],
        properties=["email", "phone", "hs_searchable_calculated_phone_number"],
        limit=10,
    )
    return client.crm.contacts.search_api.do_search(query).results


def main():
    typed = emulator()
    credentials = typed["credentials"]
    client = Client.create(access_token=credentials["access_token"], host=URL)

    active, pages = owners(client, False)
    archived, _ = owners(client, True)
    assert pages >= 3, f"{pages} pages"
    assert all(not owner.archived for owner in active) and all(owner.archived for owner in archived)
    assert archived, "who left is there"
    owner = next(owner for owner in active if owner.type == "PERSON")
    again = client.crm.owners.owners_api.get_by_id(owner_id=int(owner.id), id_property="id", archived=False)
    assert again.email == owner.email

    one = client.crm.contacts.basic_api.get_page(limit=5, properties=["email", "phone", "hs_searchable_calculated_phone_number"])
    contact = one.results[0]
    by_mail = search(client, "email", contact.properties["email"])
    digits = contact.properties["hs_searchable_calculated_phone_number"]
    by_phone = search(client, "hs_searchable_calculated_phone_number", digits)
    assert [row.id for row in by_mail] == [row.id for row in by_phone] == [contact.id]

    calls = client.crm.objects.calls
    tie = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=194)
    made = calls.basic_api.create(
        SimplePublicObjectInputForCreate(
            properties={
                "hs_timestamp": "2026-03-18T14:30:00Z",
                "hs_call_title": "Inbound call",
                "hs_call_direction": "INBOUND",
                "hs_call_duration": "162000",
                "hubspot_owner_id": owner.id,
            },
            associations=[PublicAssociationsForObject(to=PublicObjectId(contact.id), types=[tie])],
        )
    )
    read = calls.basic_api.get_by_id(made.id, properties=["hubspot_owner_id"], associations=["contacts"])
    assert read.properties["hubspot_owner_id"] == owner.id
    assert read.associations["contacts"].results[0].id == contact.id

    client.crm.properties.core_api.create(
        "calls",
        PropertyCreate(
            name="ext_call_id",
            label="Call",
            type="string",
            field_type="text",
            group_name="call_information",
            has_unique_value=True,
        ),
    )
    upsert = BatchInputSimplePublicObjectBatchInputUpsert(
        inputs=[
            SimplePublicObjectBatchInputUpsert(
                id_property="ext_call_id",
                id="call-1",
                properties={"hs_timestamp": "2026-03-18T14:30:00Z", "hubspot_owner_id": owner.id},
            )
        ]
    )
    first = calls.batch_api.upsert(upsert).results[0]
    second = calls.batch_api.upsert(upsert).results[0]
    assert first.id == second.id and first.new and not second.new

    try:
        calls.basic_api.create(
            SimplePublicObjectInputForCreate(
                properties={"hs_timestamp": "2026-03-18T14:30:00Z", "hubspot_owner_id": "1"},
                associations=[],
            )
        )
        raise AssertionError("an unknown owner was taken")
    except CallsError as error:
        assert error.status == 400 and json.loads(error.body)["category"] == "VALIDATION_ERROR"
    try:
        Client.create(access_token="wrong", host=URL).crm.owners.owners_api.get_page()
        raise AssertionError("a wrong token was taken")
    except OwnersError as error:
        assert error.status == 401
    try:
        client.crm.contacts.basic_api.get_by_id("1")
        raise AssertionError("a contact that is not there was found")
    except ContactsError as error:
        assert error.status == 404

    print(
        f"ok: {len(active)} owners on {pages} pages and {len(archived)} archived, a contact by "
        "phone and e-mail, a call with owner and association read back, upsert twice, 400, 401, 404"
    )


main()
