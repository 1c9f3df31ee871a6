// client: dynamics-web-api==2.5.0
// Drives the emulated Dynamics 365 with dynamics-web-api, by the library's own calls alone. The
// library leaves getting a token to whoever uses it; that is one request to the token endpoint.

import assert from "node:assert/strict";
import { DynamicsWebApi } from "dynamics-web-api";

const emulator = process.env.EMULATOR_URL.replace(/\/$/, "");
const { settings, credentials } = await (await fetch(`${emulator}/_emulator`)).json();

async function onTokenRefresh() {
  const answer = await fetch(`${settings.login_url}/${settings.tenant_id}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: credentials.client_id,
      client_secret: credentials.client_secret,
      scope: `${settings.environment_url}/.default`,
    }),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()).access_token;
}

const api = new DynamicsWebApi({
  serverUrl: settings.environment_url,
  dataApi: { version: "9.2" },
  onTokenRefresh,
});

const who = await api.callFunction("WhoAmI");
assert.ok(who.UserId && who.OrganizationId);

// Users, page by page, and all at once.
const select = ["fullname", "internalemailaddress", "isdisabled", "accessmode", "applicationid"];
const request = { collection: "systemusers", select, maxPageSize: 20, count: true };
const users = [];
let pages = 0;
let page = await api.retrieveMultiple(request);
for (;;) {
  users.push(...page.value);
  pages += 1;
  if (!page.oDataNextLink) break;
  page = await api.retrieveMultiple(request, page.oDataNextLink);
}
assert.ok(pages > 1);
const everybody = await api.retrieveAll({ collection: "systemusers", select: ["fullname"] });
assert.equal(everybody.value.length, users.length);
assert.equal(await api.count({ collection: "systemusers" }), users.length);
const people = users.filter((user) => user.accessmode === 0 && !user.applicationid);
const agent = people.find((user) => !user.isdisabled);
const left = people.find((user) => user.isdisabled);

// A list that is tracked ends in a link to the changes.
let tracked = await api.retrieveMultiple({
  collection: "systemusers",
  select: ["fullname"],
  trackChanges: true,
});
while (tracked.oDataNextLink) {
  tracked = await api.retrieveMultiple({ collection: "systemusers" }, tracked.oDataNextLink);
}
const delta = tracked.oDataDeltaLink ?? tracked["@odata.deltaLink"];
assert.ok(delta);
const changes = await api.retrieveMultiple({ collection: "systemusers" }, delta);
assert.deepEqual(changes.value, []);

// A customer by telephone, as it was typed, and by e-mail.
const [known] = (
  await api.retrieveMultiple({
    collection: "contacts",
    select: ["fullname", "telephone1", "emailaddress1"],
    filter: "telephone1 ne null",
    top: 1,
  })
).value;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
for (const filter of [
  `telephone1 eq ${quoted(known.telephone1)} or mobilephone eq ${quoted(known.telephone1)}`,
  `emailaddress1 eq ${quoted(known.emailaddress1)}`,
]) {
  const found = await api.retrieveMultiple({ collection: "contacts", select: ["fullname"], filter });
  assert.ok(found.value.some((contact) => contact.contactid === known.contactid));
}

// A phone call under its owner: written once by a key, read back with its parties, completed.
const call = {
  subject: "Call",
  phonenumber: known.telephone1,
  directioncode: false,
  actualdurationminutes: 4,
  "ownerid@odata.bind": `/systemusers(${agent.systemuserid})`,
  "regardingobjectid_contact_phonecall@odata.bind": `/contacts(${known.contactid})`,
  phonecall_activity_parties: [
    { "partyid_contact@odata.bind": `/contacts(${known.contactid})`, participationtypemask: 1 },
    { "partyid_systemuser@odata.bind": `/systemusers(${agent.systemuserid})`, participationtypemask: 2 },
  ],
};
const key = { collection: "phonecalls", key: "new_callid='fidelity-1'" };
const first = await api.upsert({ ...key, data: call, returnRepresentation: true });
const again = await api.upsert({ ...key, data: call, returnRepresentation: true });
assert.equal(first.activityid, again.activityid);
await api.update({
  collection: "phonecalls",
  key: first.activityid,
  data: { statecode: 1, statuscode: 4 },
});
const shown = await api.retrieve({
  collection: "phonecalls",
  key: first.activityid,
  select: ["subject", "statecode", "_ownerid_value"],
  expand: [{ property: "phonecall_activity_parties" }],
  includeAnnotations: "*",
});
assert.equal(shown._ownerid_value, agent.systemuserid);
assert.equal(shown["_ownerid_value@OData.Community.Display.V1.FormattedValue"], agent.fullname);
assert.equal(shown.phonecall_activity_parties.length, 4);

// A note on behalf of the agent, then no note.
const note = await api.create({
  collection: "annotations",
  data: { notetext: "rang back", "objectid_phonecall@odata.bind": `/phonecalls(${first.activityid})` },
  impersonate: agent.systemuserid,
  returnRepresentation: true,
});
assert.equal(note._createdby_value, agent.systemuserid);
assert.equal(note._createdonbehalfby_value, who.UserId);
await api.deleteRecord({ collection: "annotations", key: note.annotationid });

// Errors as the library raises them.
await assert.rejects(
  api.create({
    collection: "phonecalls",
    data: { ...call, "ownerid@odata.bind": `/systemusers(${left.systemuserid})` },
  }),
  { status: 403, code: "0x80040225" },
);
await assert.rejects(api.retrieveMultiple({ collection: "contacts", filter: "shoe eq 'x'" }), {
  status: 400,
  code: "0x80060888",
});

// What the tables are like.
const entityKey = "LogicalName='phonecall'";
const table = await api.retrieveEntity({ key: entityKey, select: ["EntitySetName"] });
assert.equal(table.EntitySetName, "phonecalls");
const { value: attributes } = await api.retrieveAttributes({ entityKey, select: ["LogicalName"] });
assert.ok(attributes.some((attribute) => attribute.LogicalName === "ownerid"));
assert.match(await api.retrieveCsdlMetadata(), /regardingobjectid_contact_phonecall/);

console.log(`ok: ${users.length} users in ${pages} pages and by changes, search by telephone and e-mail, a phone call upserted, completed and read back, a note for somebody else, two typed errors`);
