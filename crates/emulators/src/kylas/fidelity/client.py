# client: kylas-crm-mcp-server==1.0.4
"""Drives the emulated Kylas with the vendor's own client, which its MCP server is made around.

EMULATOR_URL names the emulator. Only the client's own functions are called.
"""

import asyncio
import json
import logging
import os
import re
import sys
import urllib.request

BASE = os.environ["EMULATOR_URL"].rstrip("/")


def connection():
    with urllib.request.urlopen(f"{BASE}/_emulator") as answer:
        told = json.load(answer)
    return told["settings"], told["credentials"]


SETTINGS, CREDENTIALS = connection()
# The client reads its address and key when it is imported.
os.environ["KYLAS_BASE_URL"] = f"{SETTINGS['api_url']}/v1"
os.environ["KYLAS_API_KEY"] = CREDENTIALS["api_key"]

import main as kylas  # noqa: E402  (the package's one module)

# It logs every request.
logging.disable(logging.CRITICAL)


async def drive():
    me = await kylas._fetch_current_user()
    assert me["timezone"] and me["recordActions"]["read"] is True

    listed = await kylas.lookup_users_logic("name:", size=20, fetch_all_pages=True)
    users = re.findall(r"ID: (\d+)  \|  Name: (.+)", listed)
    assert len({number for number, _ in users}) == len(users) > 40, listed
    owner = int(users[0][0])

    made = await kylas.create_lead_logic({
        "firstName": "Nia", "lastName": "Newcomer", "email": "nia@newcomer.example",
        "phone": "2079460999", "phone_country_code": "GB", "ownerId": owner,
    })
    read = await kylas.get_lead_logic(made["id"])
    assert read["ownerId"] == owner
    assert read["phoneNumbers"][0]["dialCode"] == "+44"

    by_phone = await kylas.search_leads_logic(
        [{"field": "phoneNumbers", "operator": "equal", "value": "2079460999"}])
    assert f"ID: {made['id']} |" in by_phone, by_phone
    by_owner = await kylas.search_leads_logic([{"field": "ownerId", "operator": "equal", "value": owner}])
    assert f"ID: {made['id']} |" in by_owner, by_owner
    by_term = await kylas.search_leads_by_term_logic("nia@newcomer.example")
    assert f"ID: {made['id']} |" in by_term, by_term

    changed = await kylas.update_lead_logic(made["id"], {"city": "Leeds"})
    assert (changed["city"], changed["ownerId"]) == ("Leeds", owner)

    try:
        await kylas.get_lead_logic(1)
        sys.exit("an unknown lead was found")
    except kylas.KylasAPIError as error:
        assert error.status_code == 404

    print(f"ok: {len(users)} users over several pages, a lead with its owner written, read back, "
          "found by phone, owner and e-mail, changed; KylasAPIError")


asyncio.run(drive())
