// client: jsforce==3.10.16
// Drives the emulated Salesforce with jsforce, by the library's own calls alone. Its login and
// instance addresses are settings of its own. Started with `--page-size 20`, users come in pages.

import assert from "node:assert/strict";
import jsforce from "jsforce";

const emulator = process.env.EMULATOR_URL.replace(/\/$/, "");
const { credentials } = await (await fetch(`${emulator}/_emulator`)).json();
const version = "62.0";

// Signing in: client credentials, then a code with PKCE, which leaves a token to refresh with.
const app = {
  loginUrl: emulator,
  clientId: credentials.client_id,
  clientSecret: credentials.client_secret,
};
const direct = new jsforce.Connection({ oauth2: app, version });
await direct.authorize({ grant_type: "client_credentials" });

const oauth2 = new jsforce.OAuth2({
  ...app,
  redirectUri: "http://localhost/callback",
  useVerifier: true,
});
const consent = await fetch(oauth2.getAuthorizationUrl({ scope: "api refresh_token" }), {
  redirect: "manual",
});
assert.equal(consent.status, 302);
const code = new URL(consent.headers.get("location")).searchParams.get("code");
const conn = new jsforce.Connection({ oauth2, version });
const signedIn = await conn.authorize(code);
assert.match(signedIn.id, /^005/);
assert.ok(conn.refreshToken);
await assert.rejects(oauth2.requestToken(code), { name: "invalid_grant" });

// A session that ended is renewed by the library.
await fetch(`${emulator}/_emulator/tokens/expire`, { method: "POST" });
let renewed = 0;
conn.on("refresh", () => (renewed += 1));
assert.equal((await conn.query("SELECT Id FROM Organization")).totalSize, 1);
assert.equal(renewed, 1);
assert.equal((await conn.identity()).user_id, signedIn.id);

// Users, page by page.
const users = [];
let pages = 1;
let page = await conn.query("SELECT Id, Name, IsActive, UserType FROM User ORDER BY Id");
users.push(...page.records);
while (!page.done) {
  page = await conn.queryMore(page.nextRecordsUrl);
  users.push(...page.records);
  pages += 1;
}
assert.equal(users.length, page.totalSize);
const people = users.filter((user) => user.UserType === "Standard");
const agent = people.find((user) => user.IsActive);
const left = people.find((user) => !user.IsActive);

// A customer by telephone and by e-mail.
const [known] = await conn
  .sobject("Contact")
  .find({ Phone: { $ne: null } }, ["Id", "Phone", "Email", "Account.Name"])
  .limit(1);
const digits = known.Phone.replace(/\D/g, "");
const { searchRecords } = await conn.search(
  `FIND {${digits}} IN PHONE FIELDS RETURNING Contact(Id, Name), Lead(Id)`,
);
assert.ok(searchRecords.some((record) => record.Id === known.Id));
const byMail = await conn.sobject("Contact").findOne({ Email: known.Email }, "Id");
assert.equal(byMail.Id, known.Id);

// A call under its owner: written, written again, read back, changed, deleted.
const call = {
  Subject: "Call",
  Status: "Completed",
  OwnerId: agent.Id,
  WhoId: known.Id,
  TaskSubtype: "Call",
  CallType: "Outbound",
  CallDurationInSeconds: 61,
};
const tasks = conn.sobject("Task");
const key = { ...call, CallExtId__c: "fidelity-2" };
const first = await tasks.upsert(key, "CallExtId__c");
assert.ok(first.success && first.created);
delete key.TaskSubtype; // it can be chosen only when the task is made
const again = await tasks.upsert(key, "CallExtId__c");
assert.equal(again.created, false);
const task = await tasks.retrieve(first.id);
assert.equal(task.OwnerId, agent.Id);
await tasks.update({ Id: first.id, Description: "rang back" });
const many = await tasks.create([{ Subject: "one" }, { Subject: "two" }]);
assert.ok(many.every((one) => one.success));
await tasks.destroy(many[0].id);

// Errors as the library raises them.
await assert.rejects(tasks.create({ ...call, OwnerId: left.Id }), {
  errorCode: "INACTIVE_OWNER_OR_USER",
});
await assert.rejects(conn.query("SELECT Shoe FROM User"), { errorCode: "INVALID_FIELD" });

// What there is, what changed, what is left of the allowance.
const described = await tasks.describe();
assert.ok(described.fields.find((field) => field.name === "CallExtId__c").externalId);
const day = 86_400_000;
const changed = await conn
  .sobject("User")
  .updated(new Date(Date.now() - day).toISOString(), new Date().toISOString());
assert.ok(Array.isArray(changed.ids));
assert.ok(conn.limitInfo.apiUsage.used > 0);

console.log(`ok: ${users.length} users in ${pages} pages, a session renewed, search by telephone and e-mail, a task upserted, read back and deleted, three typed errors`);
