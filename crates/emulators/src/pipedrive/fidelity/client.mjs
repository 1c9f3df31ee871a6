// client: pipedrive==33.7.0
// Drives the emulated Pipedrive with the vendor's own client library. Takes EMULATOR_URL from the
// environment; prints one line and ends with 0 when everything was as the library expects it.
import assert from "node:assert/strict";
import { v1, v2 } from "pipedrive";

const url = process.env.EMULATOR_URL.replace(/\/$/, "");
const { credentials } = await (await fetch(`${url}/_emulator`)).json();
const first = new v1.Configuration({ apiKey: credentials.api_token, basePath: `${url}/v1` });
const second = new v2.Configuration({ apiKey: credentials.api_token, basePath: `${url}/api/v2` });

const users = new v1.UsersApi(first);
const { data: everybody } = await users.getUsers();
assert(everybody.length > 50, "users come without pages, all at once");
const { data: me } = await users.getCurrentUser();
assert(me.is_you && me.company_id > 0);
const user = everybody.find((one) => one.active_flag && !one.is_you);
const { data: found } = await users.findUsersByName({ term: user.email, search_by_email: 1 });
assert(found.some((one) => one.id === user.id));

const persons = new v2.PersonsApi(second);
const seen = [];
let cursor;
let pages = 0;
do {
  const page = await persons.getPersons({ limit: 15, cursor });
  seen.push(...page.data);
  cursor = page.additional_data.next_cursor;
  pages += 1;
} while (cursor);
assert(pages >= 3, `${pages} pages`);
const person = seen.find((one) => one.phones.length > 0);
for (const [fields, term] of [["phone", person.phones[0].value], ["email", person.emails[0].value]]) {
  const { data } = await persons.searchPersons({ term, fields, exact_match: true });
  assert.deepEqual(data.items.map((hit) => hit.item.id), [person.id]);
}

const calls = new v1.CallLogsApi(first);
const { data: call } = await calls.addCallLog({
  AddCallLogRequest: {
    to_phone_number: person.phones[0].value,
    outcome: "connected",
    start_time: "2026-03-18 14:30:00",
    end_time: "2026-03-18 14:32:42",
    duration: "162",
    user_id: user.id,
    person_id: person.id,
  },
});
assert.equal(typeof call.id, "string");
const { data: read } = await calls.getCallLog({ id: call.id });
assert.equal(read.user_id, user.id);

const activities = new v2.ActivitiesApi(second);
const { data: activity } = await activities.addActivity({
  AddActivityRequest: { subject: "Call back", type: "call", owner_id: user.id, done: true },
});
const { data: again } = await activities.getActivity({ id: activity.id });
assert.equal(again.owner_id, user.id);

const notes = new v1.NotesApi(first);
const { data: note } = await notes.addNote({ AddNoteRequest: { content: "Hello", person_id: person.id } });
const { data: listed } = await notes.getNotes({ person_id: person.id });
assert(listed.some((one) => one.id === note.id));

// The library rejects with the body of the answer.
await assert.rejects(users.getUser({ id: 1 }), (error) => error.success === false && error.errorCode === 404);
const wrong = new v1.UsersApi(new v1.Configuration({ apiKey: "wrong", basePath: `${url}/v1` }));
await assert.rejects(wrong.getUsers(), (error) => error.error === "unauthorized access");

const oauth = new v1.OAuth2Configuration({
  clientId: credentials.client_id,
  clientSecret: credentials.client_secret,
  redirectUri: "https://counterpart.example/callback",
  host: url,
});
const consent = await fetch(oauth.authorizationUrl, { redirect: "manual" });
const code = new URL(consent.headers.get("location")).searchParams.get("code");
await oauth.authorize(code);
await oauth.tokenRefresh();
const app = new v1.Configuration({ accessToken: oauth.getAccessToken, basePath: `${url}/v1` });
assert.equal((await new v1.UsersApi(app).getCurrentUser()).data.id, me.id);

console.log(
  `ok: ${everybody.length} users at once, ${seen.length} persons on ${pages} pages, a person by phone and e-mail, ` +
    "a call log, an activity and a note with owner read back, 404, 401, OAuth with refresh",
);
