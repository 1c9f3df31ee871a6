// What a page gains when scripts run: keyboard, the type-ahead's choice, care of the focus.
// Nothing here is needed to reach anything.

const typing = (element) =>
  element instanceof HTMLElement && element.matches("input, textarea, select, [contenteditable]");

// Going places: `g` and a letter, by the links of the navigation.
let going = -Infinity;

function go(key) {
  const link = document.querySelector(`.side a[data-go="${CSS.escape(key)}"]`);
  if (link instanceof HTMLAnchorElement) link.click();
  return Boolean(link);
}

function focusSearch() {
  const input = document.querySelector("[data-search]");
  if (!(input instanceof HTMLInputElement)) return false;
  input.focus();
  input.select();
  return true;
}

async function showKeys() {
  let dialog = document.querySelector("dialog.keys");
  if (!dialog) {
    const page = document.querySelector("a[data-keys]");
    if (!(page instanceof HTMLAnchorElement)) return;
    const answer = await fetch(page.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return void page.click();
    dialog = document.createElement("dialog");
    dialog.className = "keys";
    dialog.innerHTML = await answer.text();
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
}

// The grid: one seat (a person in a connection) is current.
const seats = () => [...document.querySelectorAll("td.seat")];

function currentSeat() {
  const seat = document.activeElement?.closest?.("td.seat");
  return seat ?? document.querySelector("tr.row-here td.seat.seat-here");
}

function settle(seat) {
  for (const row of document.querySelectorAll("tr.row-here")) row.classList.remove("row-here");
  for (const other of document.querySelectorAll("td.seat-here")) other.classList.remove("seat-here");
  seat.classList.add("seat-here");
  seat.closest("tr")?.classList.add("row-here");
  seat.focus({ preventScroll: true });
  seat.scrollIntoView({ block: "nearest" });
}

function move(rows, columns) {
  const seat = currentSeat();
  if (!seat) {
    const first = seats()[0];
    if (first) settle(first);
    return Boolean(first);
  }
  if (columns) {
    const all = [...seat.parentElement.querySelectorAll("td.seat")];
    const next = all[all.indexOf(seat) + columns];
    if (next) settle(next);
    return true;
  }
  const lines = [...document.querySelectorAll("tr.person-row")];
  const line = lines[lines.indexOf(seat.closest("tr")) + rows];
  const next = line?.querySelectorAll("td.seat")[[...seat.parentElement.querySelectorAll("td.seat")].indexOf(seat)];
  if (next) settle(next);
  return true;
}

function skip() {
  const all = seats();
  const from = all.indexOf(currentSeat());
  const next = all.slice(from + 1).find((seat) => seat.querySelector("[data-needs]"));
  if (next) settle(next);
  return all.length > 0;
}

function press(key) {
  const seat = currentSeat();
  const control = seat?.querySelector(`[data-key="${key}"]`);
  if (!control) return false;
  settle(seat);
  control.click();
  return true;
}

function pressOnPage(key) {
  const control = document.querySelector(`[data-key-page="${key}"]`);
  control?.click();
  return Boolean(control);
}

// The review: one case is on the page, and keys press its buttons. `k` goes back to the case before.
const CASE_KEYS = { a: "accept", Enter: "accept", r: "reject", x: "reject", s: "skip", j: "skip", u: "undo" };

function decide(key) {
  const page = document.querySelector(".reviewing");
  if (!page) return false;
  if (key === "Enter" && document.activeElement?.matches("a, button, summary")) return false;
  if (key === "k") return history.back(), true;
  const wanted = CASE_KEYS[key] ?? (/^[1-9]$/.test(key) ? key : null);
  const control = wanted && page.querySelector(`[data-key~="${wanted}"]`);
  control?.click();
  return Boolean(control);
}

const KEYS = {
  "/": focusSearch,
  "?": () => (showKeys(), true),
  j: () => move(1, 0),
  ArrowDown: () => currentSeat() && move(1, 0),
  k: () => move(-1, 0),
  ArrowUp: () => currentSeat() && move(-1, 0),
  l: () => move(0, 1),
  ArrowRight: () => currentSeat() && move(0, 1),
  h: () => move(0, -1),
  ArrowLeft: () => currentSeat() && move(0, -1),
  s: skip,
  Enter: () => document.activeElement?.matches("td.seat") && (press("why") || press("choose")),
  a: () => press("accept"),
  A: () => pressOnPage("accept-shown"),
  x: () => press("reject"),
  u: () => press("undo"),
  c: () => press("choose"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") {
    const cancel = event.target.closest?.(".picking")?.querySelector("[data-cancel]");
    if (cancel) return cancel.click();
    document.getElementById("toast")?.replaceChildren();
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.timeStamp - going < 1200 && /^[a-z]$/.test(event.key)) {
    going = -Infinity;
    if (go(event.key)) event.preventDefault();
    return;
  }
  if (event.key === "g") {
    going = event.timeStamp;
    return;
  }
  if (decide(event.key)) return event.preventDefault();
  if (Object.hasOwn(KEYS, event.key) && KEYS[event.key]()) event.preventDefault();
});

// The type-ahead: a choice is sent at once.
document.addEventListener("auto-complete-change", (event) => {
  const form = event.target.closest("form");
  const chosen = form?.querySelector("input[data-chosen]");
  if (!chosen || !event.target.value) return;
  chosen.value = event.target.value;
  event.target.querySelector("input")?.setAttribute("disabled", "");
  form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-close]");
  if (!close) return;
  const dialog = close.closest("dialog");
  const slot = document.getElementById(close.dataset.close);
  if (!dialog && !slot) return;
  event.preventDefault();
  if (dialog) return dialog.close();
  const seat = slot.closest("tbody")?.querySelector("td.seat-here");
  slot.replaceChildren();
  seat?.focus();
});

// Forms whose answer pops up; without scripts it is a page of its own.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-pop-up]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true") return;
  const said = button.textContent;
  button.setAttribute("aria-busy", "true");
  button.textContent = "Looking…";
  const dialog = document.createElement("dialog");
  dialog.className = "pop-up";
  dialog.setAttribute("aria-label", button.getAttribute("aria-label") ?? said);
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    const away = answer.headers.get("hx-redirect");
    if (away) return void location.assign(away);
    dialog.innerHTML = await answer.text();
    if (!dialog.querySelector("form[method=dialog]")) {
      dialog.insertAdjacentHTML("beforeend", '<form method="dialog"><button class="button">Close</button></form>');
    }
    document.body.append(dialog);
    // What was found out stands on the page behind it as well.
    dialog.addEventListener("close", () => location.reload());
    dialog.showModal();
  } catch {
    // No answer came: the page that works without scripts says why.
    form.submit();
  } finally {
    button.removeAttribute("aria-busy");
    button.textContent = said;
  }
});

// Tick all of a list.
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-tick-all]")) return;
  // The boxes stand in the table; the form that sends them may stand below it.
  for (const box of event.target.form?.elements ?? []) {
    if (box.matches("td.tick input[type=checkbox]")) box.checked = event.target.checked;
  }
});

// After a cell was swapped, the focus stays in it.
document.addEventListener("htmx:after:swap", () => {
  const seat = document.querySelector("td.seat-here");
  if (seat && (document.activeElement === document.body || !document.activeElement)) {
    (seat.querySelector("[data-focus]") ?? seat).focus({ preventScroll: true });
  }
});
document.addEventListener("focusin", (event) => {
  const seat = event.target.closest?.("td.seat");
  if (!seat || seat.classList.contains("seat-here")) return;
  for (const other of document.querySelectorAll("td.seat-here")) other.classList.remove("seat-here");
  for (const row of document.querySelectorAll("tr.row-here")) row.classList.remove("row-here");
  seat.classList.add("seat-here");
  seat.closest("tr")?.classList.add("row-here");
});

// A form that was filled in and not sent asks before it is left.
let unsent = null;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) unsent = form;
});
document.addEventListener("submit", (event) => {
  // A test sends the form without saving it.
  if (event.target === unsent && event.submitter?.value !== "test") unsent = null;
});
document.addEventListener("htmx:response:error", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) unsent = form;
});
window.addEventListener("beforeunload", (event) => {
  if (unsent?.isConnected) event.preventDefault();
});

// The set-up page guesses the time zone.
const zone = document.querySelector("input[data-time-zone], select[data-time-zone]");
if (zone && !zone.dataset.chosen) {
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...document.querySelectorAll("datalist#time-zones option")].some((option) => option.value === guess);
  if (guess && known) zone.value = guess;
}

// Copying: buttons that only make sense with scripts are hidden until here.
const showCopying = () => {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
};
showCopying();
document.addEventListener("htmx:after:swap", showCopying);
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const text = document.createRange();
  const shown = button.parentElement.querySelector("code, input");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  } catch {
    // Without https there is no clipboard: what is to be copied is marked instead.
    if (!shown) return;
    text.selectNodeContents(shown);
    getSelection().removeAllRanges();
    getSelection().addRange(text);
  }
});

// A code that works for a few minutes counts them down from when it was pasted: at the latest
// then it was made. Tells a screen reader when a minute is left and when it is over.
const ends = new WeakMap();
document.addEventListener("input", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.dataset.livesMinutes) return;
  if (!input.value) ends.delete(input);
  else if (!ends.has(input)) ends.set(input, Date.now() + input.dataset.livesMinutes * 60_000);
  countDown();
});

function countDown() {
  for (const input of document.querySelectorAll("[data-lives-minutes]")) {
    const shown = input.parentElement.querySelector("[data-lives-left]");
    if (!shown) continue;
    shown.dataset.said ??= shown.textContent;
    if (!ends.has(input)) {
      shown.textContent = shown.dataset.said;
      delete shown.dataset.state;
      continue;
    }
    const left = Math.max(0, Math.round((ends.get(input) - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.textContent = left ? `Save within ${clock}, or it ends.` : "It has ended by now; make a new one.";
    const state = left === 0 ? "over" : left <= 60 ? "soon" : "running";
    if (shown.dataset.state !== state) shown.setAttribute("aria-live", state === "running" ? "off" : "polite");
    shown.dataset.state = state;
  }
}
setInterval(countDown, 1000);
