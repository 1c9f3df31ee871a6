// client: @apigrate/autotask-restapi==2.0.1
// Drives the emulator with a well-kept client of Autotask's REST API, by its own base_url option.
import assert from "node:assert/strict";
import client from "@apigrate/autotask-restapi";

const { AutotaskRestApi, AutotaskApiError } = client;
const base = process.env.EMULATOR_URL;
const control = async (path) => (await fetch(`${base}/_emulator${path}`)).json();
const { settings, credentials } = await control("");
const autotask = new AutotaskRestApi(
  credentials.username,
  credentials.secret,
  credentials.integration_code,
  { base_url: `${settings.address}/ATServicesRest/` },
);

// Users, page by page above the last id.
const users = (await control("/users")).filter((user) => user.state !== "deleted");
const resources = [];
for (let pages = 1; ; pages += 1) {
  const last = resources.at(-1)?.id ?? 0;
  const { items } = await autotask.Resources.query({
    MaxRecords: 20,
    filter: [{ op: "gt", field: "id", value: last }],
  });
  if (items.length === 0) {
    assert.ok(pages > 3);
    break;
  }
  resources.push(...items);
}
assert.equal(resources.length, users.length);
const { queryCount } = await autotask.Resources.count({ filter: [{ op: "exist", field: "id" }] });
assert.equal(queryCount, users.length);
const { info } = await autotask.Tickets.info();
assert.equal(info.userAccessForCreate, "All");
const { fields } = await autotask.Tickets.fieldInfo();
const status = fields.find((field) => field.name === "status").picklistValues[0];

// A contact, by telephone and by address.
const known = (await control("/contacts"))[4];
const by = async (field, op, value) =>
  (await autotask.Contacts.query({ filter: [{ op: "or", items: [{ op, field, value }] }] })).items;
const [contact] = await by("phone", "contains", known.phone.slice(2));
assert.equal(contact.id, Number(known.id));
assert.equal((await by("emailAddress", "eq", known.email))[0].id, contact.id);

// A ticket with an owner, found by our key; a note in somebody's name; time; a to-do.
const person = resources.find((row) => row.isActive && row.licenseType === 1);
const [role] = (
  await autotask.ResourceRoles.query({ filter: [{ op: "eq", field: "resourceID", value: person.id }] })
).items;
const { itemId: ticketID } = await autotask.Tickets.create({
  companyID: contact.companyID, contactID: contact.id, title: "Call", status: Number(status.value),
  priority: 2, assignedResourceID: person.id, assignedResourceRoleID: role.roleID,
  externalID: "fidelity-1",
});
const [found] = (
  await autotask.Tickets.query({ filter: [{ op: "eq", field: "externalID", value: "fidelity-1" }] })
).items;
assert.equal(found.id, ticketID);
assert.equal(found.assignedResourceID, person.id);
const { itemId: noteID } = await autotask.TicketNotes.create(
  ticketID,
  { title: "Call", description: "5 min", noteType: 1, publish: 2 },
  { ImpersonationResourceId: person.id },
);
assert.equal((await autotask.TicketNotes.get(noteID)).item.creatorResourceID, person.id);
await autotask.TimeEntries.create({
  ticketID, resourceID: person.id, roleID: role.roleID, dateWorked: "2026-11-22T00:00:00Z",
  hoursWorked: 0.2, summaryNotes: "Call",
});
const [call] = (
  await autotask.ActionTypes.query({ filter: [{ op: "eq", field: "name", value: "Phone Call" }] })
).items;
const { itemId: toDoID } = await autotask.CompanyToDos.create(contact.companyID, {
  actionType: call.id, assignedToResourceID: person.id,
  startDateTime: "2026-11-22T14:00:00Z", endDateTime: "2026-11-22T14:05:00Z",
});
assert.equal((await autotask.CompanyToDos.get(toDoID)).item.assignedToResourceID, person.id);
await autotask.Tickets.update({ id: ticketID, status: 5 });
assert.equal((await autotask.Tickets.get(ticketID)).item.status, 5);

// An error, as the library throws it.
await assert.rejects(autotask.Tickets.create({ companyID: contact.companyID }), (error) => {
  assert.ok(error instanceof AutotaskApiError);
  assert.equal(error.status, 500);
  assert.deepEqual(error.details.errors, ["title is required"]);
  return true;
});
console.log(
  `ok: ${resources.length} resources over pages, contact by phone and e-mail, ticket, note, time entry, to-do, error`,
);
