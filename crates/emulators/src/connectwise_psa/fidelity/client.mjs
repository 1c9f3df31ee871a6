// client: connectwise-rest==1.3.0
// Drives the emulator with the best-known client of ConnectWise PSA. The library insists on
// https; its own axios instances are given the emulator's address instead.
import assert from "node:assert/strict";
import { ManageAPI } from "connectwise-rest";

const base = process.env.EMULATOR_URL;
const control = async (path) => (await fetch(`${base}/_emulator${path}`)).json();
const { settings, credentials } = await control("");

const { Codebase: codebase } = await (
  await fetch(`${settings.address}/login/companyinfo/${settings.company}`)
).json();
const client = new ManageAPI({
  companyId: settings.company,
  publicKey: credentials.public_key,
  privateKey: credentials.private_key,
  clientId: credentials.client_id,
  companyUrl: new URL(settings.address).host,
  entryPoint: codebase.replace(/\/$/, ""),
  apiVersion: "2025.1",
  logger: () => {},
});
const { SystemAPI, CompanyAPI, SalesAPI, ServiceAPI, TimeAPI } = client;
for (const api of [SystemAPI, CompanyAPI, SalesAPI, ServiceAPI, TimeAPI]) {
  api.instance.defaults.baseURL = api.instance.defaults.baseURL.replace(/^https/, "http");
}

// Users: the system, then everybody over several pages.
assert.match((await SystemAPI.getSystemInfo()).version, /^v2025/);
const users = (await control("/users")).filter((user) => user.state !== "deleted");
const members = await SystemAPI.paginate(SystemAPI.getSystemMembers, { pageSize: 20 }, {});
assert.equal(new Set(members.map((member) => member.id)).size, users.length);
const { count } = await SystemAPI.getSystemMembersCount({ conditions: "inactiveFlag = false" });
assert.equal(count, users.filter((user) => user.state === "active").length);
const light = await SystemAPI.paginate(SystemAPI.getSystemInfoMembers, { pageSize: 20 }, {});
assert.equal(light.length, users.length);

// A contact, by the digits of a telephone and by an address.
const known = (await control("/contacts"))[4];
const tail = known.phone.replace(/\D/g, "").slice(-9);
const [byPhone] = await CompanyAPI.getCompanyContacts({
  childConditions: `communicationItems/value like '%${tail}%' and communicationItems/communicationType='Phone'`,
});
const [byMail] = await CompanyAPI.getCompanyContacts({
  childConditions: `communicationItems/value='${known.email}' and communicationItems/communicationType='Email'`,
});
assert.equal(byPhone.id, Number(known.id));
assert.equal(byMail.id, byPhone.id);

// A call as an activity of a member, read back.
const member = members.find((row) => !row.inactiveFlag && row.licenseClass === "F");
const activity = await SalesAPI.postSalesActivities({
  name: "Call", type: { name: "Call" }, company: { id: byPhone.company.id },
  contact: { id: byPhone.id }, status: { name: "Closed" },
  dateStart: "2026-11-22T14:00:00Z", dateEnd: "2026-11-22T14:05:00Z",
  assignTo: { identifier: member.identifier },
});
const read = await SalesAPI.getSalesActivitiesById(activity.id);
assert.equal(read.assignTo.id, member.id);
const patched = await SalesAPI.patchSalesActivitiesById(activity.id, [
  { op: "replace", path: "notes", value: "Rang back" },
]);
assert.equal(patched.notes, "Rang back");

// A ticket by our key, with a note and time.
const ticket = await ServiceAPI.postServiceTickets({
  summary: "Missed call", company: { id: byPhone.company.id }, owner: { id: member.id },
  externalXRef: "fidelity-1",
});
const [found] = await ServiceAPI.getServiceTickets({ conditions: "externalXRef='fidelity-1'" });
assert.equal(found.id, ticket.id);
const note = await ServiceAPI.postServiceTicketsByParentIdNotes(ticket.id, {
  text: "5 min", internalAnalysisFlag: true, member: { identifier: member.identifier },
});
assert.equal(note.ticketId, ticket.id);
const time = await TimeAPI.postTimeEntries({
  chargeToId: ticket.id, chargeToType: "ServiceTicket", member: { identifier: member.identifier },
  timeStart: "2026-11-22T14:00:00Z", timeEnd: "2026-11-22T14:15:00Z",
});
assert.equal(time.actualHours, 0.25);

// An error, as the library throws it.
await assert.rejects(SalesAPI.postSalesActivities({ name: "Call" }), (error) => {
  assert.equal(error.status, 400);
  assert.equal(error.data.code, "InvalidObject");
  assert.equal(error.data.errors[0].field, "assignTo");
  return true;
});
console.log(
  `ok: ${members.length} members over pages, contact by phone and e-mail, activity, ticket, note, time entry, error`,
);
