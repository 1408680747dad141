// A trial: every change of an answer, an improvement or the budget is worked out at once, and nothing is stored.
// The same form stands on the page of the plan and on a page of its own; into the page of the result it is fetched.
"use strict";

const WAIT_MS = 300; // after the last key
const OWN = /^(answer\.|units\.|project$|budget$|tried$)/; // what an address says of a trial
const form = () => document.getElementById("trial");
const tried = () => document.getElementById("tried");
const said = document.getElementById("trial-said");
const panel = document.getElementById("trial-panel"); // of the page of the result
const brought = [...new URLSearchParams(location.search)]; // what the address of this page says
let asked = 0, waiting = 0, opener = null;

const part = async (address) => {
  const options = { headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "error" };
  return fetch(address, options).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
};

// --- what is asked ---------------------------------------------------------------------------------------------------

// Answers that are as they are now, and units of what is not ticked, would only make the address long.
const isAsNow = (field) =>
  (field.dataset.now !== undefined && field.value === field.dataset.now) ||
  (field.dataset.with !== undefined && !form().querySelector(`[name=project][value="${CSS.escape(field.dataset.with)}"]`)?.checked);

const typed = (whole) => {
  const pairs = [];
  for (const field of form()?.elements ?? []) {
    if (!field.name || field.disabled || (field.type === "checkbox" && !field.checked)) continue;
    if (!isAsNow(field)) pairs.push([field.name, field.value]);
    else if (whole && field.name.startsWith("answer.")) pairs.push([field.name, ""]); // shown, and not changed
  }
  return pairs;
};

const addressOf = (pairs, wanted) => {
  const base = form()?.action ?? panel.dataset.action;
  return `${base}?${new URLSearchParams([...pairs, ["part", wanted]])}`;
};

// --- what comes of it ------------------------------------------------------------------------------------------------

const showMarks = (outcome) => {
  for (const slot of document.querySelectorAll("[data-after]")) {
    const mark = outcome?.querySelector(`[data-mark="${CSS.escape(slot.dataset.after)}"]`);
    slot.replaceChildren(...(mark ? [panel.dataset.word, ...mark.cloneNode(true).childNodes] : []));
  }
};

const showFaults = (outcome) => {
  for (const place of form().querySelectorAll(".field__error")) {
    const name = place.id.replace(/-error$/, "");
    const fault = outcome.querySelector(`[data-fault="${CSS.escape(name)}"]`);
    if (place.textContent !== (fault?.textContent ?? "")) place.textContent = fault?.textContent ?? "";
    place.closest(".field").classList.toggle("field--wrong", Boolean(fault));
    for (const field of form().querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (fault) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }
};

const showOutcome = (aloud) => {
  const outcome = tried().querySelector(".trial__outcome");
  if (!outcome) return;
  showFaults(outcome);
  if (panel) {
    showMarks(outcome);
    keepAddress(outcome.dataset.carried);
  }
  const faults = [...outcome.querySelectorAll("[data-fault]")].map((one) => one.textContent);
  if (said && aloud) said.textContent = [...faults, outcome.dataset.summary].join(" ");
};

const keepAddress = (carried) => {
  const others = brought.filter(([name]) => !OWN.test(name));
  const query = [String(new URLSearchParams(others)), carried].filter(Boolean).join("&");
  history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
};

const ask = async () => {
  clearTimeout(waiting);
  const mine = ++asked, shown = await part(addressOf(typed(false), "1"));
  if (mine !== asked || !tried()) return; // a later change has asked anew, or all was taken back
  if (shown === null) tried().textContent = said.textContent = tried().dataset.failed;
  else tried().innerHTML = shown; // our own page, escaped where it is drawn
  showOutcome(true);
};

const ofTrial = (event) => event.target.form && event.target.form === form();
document.addEventListener("change", (event) => {
  if (ofTrial(event)) ask();
});
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!ofTrial(event) || field.tagName !== "INPUT" || field.type === "checkbox") return;
  const unknown = form().querySelector(`[name="${CSS.escape(`${field.name}!`)}"]`);
  if (unknown) unknown.checked = false;
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT_MS);
});
document.addEventListener("submit", (event) => {
  if (event.target !== form() || event.submitter?.hasAttribute("formaction")) return; // the other language
  event.preventDefault();
  ask();
});

// --- the page of the result ------------------------------------------------------------------------------------------

const fresh = (link) => {
  const known = new Set(brought.map((pair) => pair.join("=")));
  return [...new URL(link.href).searchParams].filter((pair) => pair[0] !== "tried" && !known.has(pair.join("=")));
};

const standBelow = (link) => {
  const row = link.closest("tr, li");
  if (!row) return;
  if (row.tagName === "LI") {
    row.append(panel);
    return;
  }
  const line = document.createElement("tr"), cell = line.insertCell();
  line.className = "trial-row";
  cell.colSpan = row.cells.length;
  row.after(line);
  cell.append(panel);
};

const leaveRow = () => {
  const line = panel.closest(".trial-row");
  document.getElementById("trial-home").after(panel);
  line?.remove();
};

const open = async (pairs, link) => {
  const mine = ++asked, wanted = link ? fresh(link) : [];
  const names = new Set(pairs.map(([name, value]) => (name === "project" ? value : name)));
  const more = wanted.filter(([name, value]) => !names.has(name === "project" ? value : name));
  const shown = await part(addressOf([...pairs, ...more], "form"));
  if (mine !== asked) return;
  if (shown === null) {
    if (link) location.assign(link.href);
    return;
  }
  leaveRow();
  if (link) standBelow(link);
  panel.innerHTML = shown;
  panel.hidden = false;
  document.documentElement.classList.add("is-trying");
  showOutcome(Boolean(wanted.length || pairs.length));
  const first = wanted.find(([name]) => OWN.test(name));
  const wish = first && (document.getElementById(first[0]) ?? form().querySelector(`[value="${CSS.escape(first[1])}"]`));
  if (link) (wish ?? form().querySelector("input:not([type=hidden]), select"))?.focus();
};

const takeBack = () => {
  asked += 1;
  clearTimeout(waiting);
  leaveRow();
  panel.replaceChildren();
  panel.hidden = true;
  document.documentElement.classList.remove("is-trying");
  showMarks(null);
  keepAddress("");
  said.textContent = panel.dataset.back;
  (opener?.isConnected ? opener : document.getElementById("trial-home"))?.focus();
};

if (panel) {
  document.addEventListener("click", (event) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    const link = plain && event.target.closest("a[data-try], [data-cancel]");
    if (!link) return;
    event.preventDefault();
    if (link.matches("[data-cancel]")) takeBack();
    else {
      opener = link;
      open([["tried", "1"], ...typed(true)], link);
    }
  });
  const carried = brought.filter(([name]) => OWN.test(name));
  if (carried.length) open(carried, null);
} else if (tried()?.dataset.ask !== undefined) ask();
