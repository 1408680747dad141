// The page of questions with a script: every answer is saved by itself. Without it the page saves with its buttons.
"use strict";

import { Saver } from "./saver.js";
import { works } from "./store.js";

const form = document.querySelector("form.questions[data-who]");
const say = document.getElementById("say")?.dataset;
const status = document.getElementById("saved");
const AFTER_TYPING_MS = 1500, LEAST_LEAD_MINUTES = 5;

const facts = new Map(); // fact -> the element with its fields
const fact_of = (field) => field.name.split("!")[0];
const fields_in = (box) => [...box.querySelectorAll("input, select, textarea")].filter((field) => field.name);
const typed_in = (box) => [...new FormData(form)].filter(([name]) => facts.get(name.split("!")[0]) === box && !/!(asked|keep|seen)$/.test(name));
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function show(words, kind = "") {
  status.textContent = words;
  status.className = `saved ${kind && `saved--${kind}`}`;
}

// --- what the fields show -------------------------------------------------------------------------------------------

function fill(box, { chosen, typed, mark, reason }) {
  for (const field of fields_in(box)) {
    if (field.type === "hidden") continue;
    if (field.name.endsWith("!reason")) field.value = reason;
    else if (field.type === "radio" || field.type === "checkbox") field.checked = chosen.includes(field.value) || mark === field.value;
    else if (field.tagName === "SELECT") field.value = chosen[0] ?? "";
    else field.value = typed;
  }
}

function put_back(box, fields) {
  const values = (name) => fields.filter(([one]) => one === name).map(([, value]) => value);
  for (const field of fields_in(box)) {
    if (field.type === "hidden") continue;
    const own = values(field.name);
    if (field.type === "radio" || field.type === "checkbox") field.checked = own.includes(field.value);
    else field.value = own[0] ?? "";
  }
}

function mark(fact, sentence, kind = "wrong") {
  const box = facts.get(fact), id = `${fact}-error`;
  if (!box) return;
  let line = document.getElementById(id);
  box.classList.toggle("fact--wrong", Boolean(sentence) && kind === "wrong");
  box.classList.toggle("fact--warned", Boolean(sentence) && kind === "warned");
  if (!sentence) line?.remove();
  else {
    line ??= box.insertBefore(Object.assign(document.createElement("p"), { id, className: "question__error" }), box.firstChild);
    line.textContent = sentence;
  }
  for (const field of fields_in(box)) {
    if (field.type === "radio" || field.type === "checkbox" || field.type === "hidden" || field.name.endsWith("!reason")) continue;
    if (sentence) field.setAttribute("aria-describedby", id);
    else field.removeAttribute("aria-describedby");
    field.toggleAttribute("aria-invalid", Boolean(sentence) && kind === "wrong");
    if (field.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
  }
}

function note(fact, sentence) {
  const box = facts.get(fact);
  const line = Object.assign(document.createElement("p"), { className: "remark", textContent: sentence });
  line.setAttribute("role", "status");
  box?.prepend(line);
}

// --- two people, one answer -----------------------------------------------------------------------------------------

function ask_both(saver, fact, theirs) {
  const box = facts.get(fact);
  box.querySelector(":scope > .both")?.remove();
  const part = document.getElementById("both").content.firstElementChild.cloneNode(true);
  part.querySelector("p").textContent = filled(say.changed, { ...theirs });
  part.querySelector(".both__mine strong").textContent = theirs.mine;
  part.querySelector(".both__theirs strong").textContent = theirs.words;
  part.querySelector(".both__mine").addEventListener("click", () => {
    saver.seen.set(fact, theirs.revision);
    part.remove();
    saver.say(fact, typed_in(box), 0);
  });
  part.querySelector(".both__theirs").addEventListener("click", () => {
    saver.seen.set(fact, theirs.revision);
    part.remove();
    fill(box, theirs.fields);
    saver.said.delete(fact);
    saver.keep(fact);
    summary(saver);
  });
  box.prepend(part);
  part.querySelector("button").focus({ preventScroll: false });
}

// --- after a save ---------------------------------------------------------------------------------------------------

let last_at = "";
function summary(saver) {
  const asked = document.querySelectorAll(".both").length;
  if (asked) show(filled(say.asked, { count: asked }), "wrong");
  else if (saver.held) show(filled(say.wrong, { count: saver.held }), "wrong");
  else if (last_at) show(`✓ ${say.saved} ${last_at}`);
}

function saved(saver, answer) {
  contact();
  last_at = answer.at;
  const warned = new Map(answer.contradictions);
  for (const fact of facts.keys()) {
    if (saver.said.get(fact)?.next) continue; // typed on meanwhile
    if (fact in answer.errors) mark(fact, answer.errors[fact]);
    else if (warned.has(fact)) mark(fact, warned.get(fact), "warned");
    else if (!saver.said.get(fact)?.held) mark(fact, "");
  }
  for (const [fact, theirs] of Object.entries(answer.conflicts)) ask_both(saver, fact, theirs);
  for (const [fact, theirs] of Object.entries(answer.others)) {
    if (saver.said.has(fact) || !facts.has(fact)) continue;
    saver.seen.set(fact, theirs.revision);
    fill(facts.get(fact), theirs.fields);
    note(fact, filled(say.changed, theirs));
  }
  for (const [name, value] of Object.entries(answer.rates)) {
    const rate = document.querySelector(`.rate[data-rate="${CSS.escape(name)}"]`);
    if (rate) { rate.hidden = false; rate.querySelector("output").textContent = value; }
  }
  document.dispatchEvent(new CustomEvent("zhizhen:saved"));
}

// --- the session ----------------------------------------------------------------------------------------------------

const contact = () => { try { localStorage.setItem("contact", Date.now()); } catch { /* no store, no warning */ } };

function watch_session(saver) {
  const minutes = Number(form.dataset.minutes), lead = Math.min(LEAST_LEAD_MINUTES, minutes / 4);
  const dialog = document.getElementById("ending");
  document.getElementById("stay").addEventListener("click", async () => {
    dialog.close();
    if ((await saver.renew().catch(() => saver.who)) === saver.who) contact();
    else ended(saver, say.ended);
  });
  setInterval(() => {
    const idle = (Date.now() - Number(localStorage.getItem("contact") ?? Date.now())) / 60000;
    if (idle < minutes - lead || idle >= minutes) { if (dialog.open && idle < minutes - lead) dialog.close(); }
    else if (!dialog.open) dialog.showModal();
    if (idle >= minutes && !saver.stopped) saver.ended(say.ended);
  }, Math.min(15000, minutes * 6000));
}

function ended(saver, message) {
  show(message, "wrong");
  const link = Object.assign(document.createElement("a"), { href: "/sign-in", target: "_blank", textContent: say.signIn });
  status.append(" ", link);
  const again = async () => {
    if (document.visibilityState !== "visible") return;
    const who = await saver.renew().catch(() => "");
    if (who === saver.who) { contact(); summary(saver); show(say.saving); }
    else if (who) { show(say.somebody, "wrong"); return; }
    else return;
    removeEventListener("focus", again);
    document.removeEventListener("visibilitychange", again);
  };
  addEventListener("focus", again);
  document.addEventListener("visibilitychange", again);
}

// --- the page -------------------------------------------------------------------------------------------------------

async function begin() {
  for (const box of form.querySelectorAll(".fact")) {
    const field = fields_in(box).find((one) => !one.name.endsWith("!reason"));
    if (field) facts.set(fact_of(field), box);
  }
  const kept_here = await works();
  const saver = new Saver({
    address: form.dataset.save ?? `${location.pathname}/answers`,
    who: form.dataset.who,
    token: form.elements.csrf_token.value,
    revision: form.elements.revision.value,
    on: {
      state: (state) => {
        if (state === "waiting") show(filled(say.waiting, { count: saver.open }), "waiting");
        else if (state === "saving") show(say.saving);
        else if (state === "saved") summary(saver);
      },
      saved: (answer) => saved(saver, answer),
      ended: (message) => ended(saver, message),
      refused: (message) => show(say.refused + message, "wrong"),
    },
  });
  saver.forgetful = !kept_here;
  contact();
  watch_session(saver);

  document.addEventListener("input", (event) => { // on the document: after what excludes each other has been cleared
    const field = event.target, box = field.name && form.contains(field) && facts.get(fact_of(field));
    if (!box || event.isComposing || /!(keep|asked)$/.test(field.name)) return;
    const at_once = field.type === "radio" || field.type === "checkbox" || field.tagName === "SELECT";
    saver.say(fact_of(field), typed_in(box), at_once ? undefined : AFTER_TYPING_MS);
  });
  form.addEventListener("change", (event) => { if (saver.said.get(fact_of(event.target))?.next) saver.soon(0); });

  let through = false;
  form.addEventListener("submit", async (event) => {
    if (through || !(saver.open || saver.seen.size)) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    if (!(await saver.settle())) { if (!saver.stopped) show(filled(say.waiting, { count: saver.open }), "waiting"); return; }
    for (const [fact, seen] of saver.seen) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: `${fact}!seen`, value: seen }));
    for (const fact of saver.said.keys()) { saver.said.delete(fact); saver.keep(fact); }
    setTimeout(() => { // not within the sending that was just held back
      through = true;
      form.requestSubmit(button);
      setTimeout(() => { through = false; }, 4000);
    });
  });
  addEventListener("pagehide", () => saver.farewell());
  addEventListener("beforeunload", (event) => { if (saver.open && (saver.forgetful || saver.stopped)) event.preventDefault(); });

  if (kept_here) {
    const left = await saver.restore();
    for (const [fact, fields] of left) if (facts.has(fact)) put_back(facts.get(fact), fields);
    if (left.size) show(filled(say.restored, { count: left.size }), "waiting");
  }
  form.dataset.ready = "1"; // for whoever waits until answers are saved by themselves
}

if (form && say && status) begin();
