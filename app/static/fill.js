// Pages of questions with a script: every answer is saved by itself. Without it a page saves with its buttons.
"use strict";

import { Saver } from "./saver.js";
import { works } from "./store.js";

const say = document.getElementById("say")?.dataset;
const status = document.getElementById("saved");
const AFTER_TYPING_MS = 1500, LEAST_LEAD_MINUTES = 5;
const all = []; // every form of the page with its saver

const fact_of = (field) => field.name.split("!")[0];
const fields_in = (box) => [...box.querySelectorAll("input, select, textarea")].filter((field) => field.name);
const token_in = (form) => form.querySelector("input[name=csrf_token]"); // the button of the language has one too
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const contact = () => { try { localStorage.setItem("contact", Date.now()); } catch { /* no store, no warning */ } };

// --- what is said of it all -----------------------------------------------------------------------------------------

let last_at = "";

export function show(words, kind = "") {
  status.textContent = words;
  status.className = `saved ${kind && `saved--${kind}`}`;
}

export function summary() {
  const asked = document.querySelectorAll("form .both").length;
  const held = all.reduce((sum, { saver }) => sum + saver.held, 0), open = all.reduce((sum, { saver }) => sum + saver.open, 0);
  if (open && all.some(({ saver }) => saver.waiting)) show(filled(say.waiting, { count: all.reduce((sum, { saver }) => sum + saver.here, 0) }), "waiting");
  else if (open) show(say.saving);
  else if (asked) show(filled(say.asked, { count: asked }), "wrong");
  else if (held) show(filled(say.wrong, { count: held }), "wrong");
  else if (last_at) show(`✓ ${say.saved} ${last_at}`);
}

// --- while something is held down -----------------------------------------------------------------------------------

// Leaving a field saves it, and the answer may be there before the mouse is let go again. If it moved the button away
// meanwhile, the button would not have been pressed and nobody would know why: so nothing moves until then.
const CLICK_FOLLOWS_MS = 50; // after letting go, on a screen that is touched
const LONGEST_HOLD_MS = 1000; // over a scroll bar letting go is never heard
let held_back = null, held; // what is to be drawn as soon as nothing is held down, in order; until when it waits

function let_go() {
  const draws = held_back;
  held_back = null;
  for (const draw of draws) draw();
}

function wait(ms) {
  clearTimeout(held);
  held_back ??= [];
  held = setTimeout(let_go, ms);
}

addEventListener("pointerdown", (event) => { if (!event.button) wait(LONGEST_HOLD_MS); }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { if (held_back) wait(CLICK_FOLLOWS_MS); }, true);

/** Draw what moves other things. */
function steadily(draw) {
  if (held_back) held_back.push(draw);
  else draw();
}

// --- one form -------------------------------------------------------------------------------------------------------

class Sheet {
  constructor(form) {
    this.form = form;
    this.facts = new Map(); // fact -> the element with its fields
    for (const box of form.querySelectorAll(".fact")) {
      const field = fields_in(box).find((one) => !one.name.endsWith("!reason"));
      if (field) this.facts.set(fact_of(field), box);
    }
  }

  typed_in(box) {
    return [...new FormData(this.form)].filter(([name]) => this.facts.get(name.split("!")[0]) === box && !/!(asked|keep|seen)$/.test(name));
  }

  fill(fact, { chosen, typed, mark, reason }) {
    for (const field of fields_in(this.facts.get(fact))) {
      if (field.type === "hidden") continue;
      if (field.name.endsWith("!reason")) field.value = reason;
      else if (field.type === "radio" || field.type === "checkbox") field.checked = chosen.includes(field.value) || mark === field.value;
      else if (field.tagName === "SELECT") field.value = chosen[0] ?? "";
      else field.value = typed;
    }
  }

  put_back(fact, fields) {
    for (const field of fields_in(this.facts.get(fact))) {
      if (field.type === "hidden") continue;
      const own = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "radio" || field.type === "checkbox") field.checked = own.includes(field.value);
      else field.value = own[0] ?? "";
    }
  }

  mark(fact, sentence, kind = "wrong") {
    const box = this.facts.get(fact), id = `${fact}-error`;
    let line = document.getElementById(id);
    box.classList.toggle("fact--wrong", Boolean(sentence) && kind === "wrong");
    box.classList.toggle("fact--warned", Boolean(sentence) && kind === "warned");
    if (!sentence) line?.remove();
    else {
      line ??= box.insertBefore(Object.assign(document.createElement("p"), { id, className: "question__error" }), box.firstChild);
      line.textContent = sentence;
    }
    for (const field of fields_in(box)) {
      if (["radio", "checkbox", "hidden"].includes(field.type) || field.name.endsWith("!reason")) continue;
      if (sentence) field.setAttribute("aria-describedby", id);
      else field.removeAttribute("aria-describedby");
      if (sentence && kind === "wrong") field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  /** The other pages of what contradicts an answer. */
  lead(fact, places) {
    const box = this.facts.get(fact), error = document.getElementById(`${fact}-error`);
    box.querySelector(".elsewhere")?.remove();
    if (!error || !places.length) return;
    const line = Object.assign(document.createElement("p"), { className: "elsewhere", textContent: say.elsewhere });
    for (const { title, address } of places) line.append(Object.assign(document.createElement("a"), { href: address, textContent: title }), " ");
    error.after(line);
  }

  /** What is still to be known about an answer: nothing once a copy is confirmed or says what its list counts. */
  remind(fact, sentence) {
    const line = this.facts.get(fact).querySelector(".copied");
    if (line && sentence) line.textContent = sentence;
    else line?.remove();
  }

  note(fact, sentence) {
    const line = Object.assign(document.createElement("p"), { className: "remark", textContent: sentence });
    line.setAttribute("role", "status");
    this.facts.get(fact).prepend(line);
  }

  /** Two people answered differently: the person chooses. */
  ask_both(fact, theirs) {
    const box = this.facts.get(fact), { saver } = this, mine = () => saver.said.get(fact)?.held?.fields ?? this.typed_in(box);
    box.querySelector(":scope > .both")?.remove();
    const part = document.getElementById("both").content.firstElementChild.cloneNode(true);
    part.querySelector("p").textContent = filled(say.changed, theirs);
    part.querySelector(".both__mine strong").textContent = theirs.mine;
    part.querySelector(".both__theirs strong").textContent = theirs.words;
    const chosen = (how) => () => {
      saver.seen.set(fact, theirs.revision);
      part.remove();
      how();
      summary();
    };
    part.querySelector(".both__mine").addEventListener("click", chosen(() => saver.say(fact, mine(), 0)));
    part.querySelector(".both__theirs").addEventListener("click", chosen(() => {
      this.fill(fact, theirs.fields);
      saver.said.delete(fact);
      saver.keep(fact);
    }));
    box.prepend(part);
    part.querySelector("button").focus();
  }

  /** Make a place for what has to be said about an answer to an earlier screen, whose question is not shown here. */
  elsewhere(fact) {
    const box = Object.assign(document.createElement("div"), { className: "fact" });
    this.form.prepend(box);
    this.facts.set(fact, box);
  }

  saved(answer) {
    const { saver } = this, warned = new Map();
    for (const [fact, sentence] of answer.contradictions) warned.set(fact, [warned.get(fact), sentence].filter(Boolean).join(" "));
    contact();
    last_at = answer.at;
    for (const fact in { ...answer.errors, ...answer.conflicts }) if (!this.facts.has(fact)) this.elsewhere(fact);
    for (const fact of this.facts.keys()) {
      if (saver.said.get(fact)?.next) continue; // typed on meanwhile
      if (fact in answer.errors) this.mark(fact, answer.errors[fact]);
      else if (warned.has(fact)) this.mark(fact, warned.get(fact), "warned");
      else if (!saver.said.get(fact)?.held) this.mark(fact, "");
      this.remind(fact, answer.notes[fact] ?? "");
      this.lead(fact, fact in answer.errors ? [] : answer.elsewhere[fact] ?? []);
    }
    for (const [fact, theirs] of Object.entries(answer.conflicts)) this.ask_both(fact, theirs);
    for (const [fact, theirs] of Object.entries(answer.others)) {
      if (saver.said.has(fact) || !this.facts.has(fact)) continue;
      saver.seen.set(fact, theirs.revision);
      this.fill(fact, theirs.fields);
      this.note(fact, filled(say.changed, theirs));
    }
    for (const [name, value] of Object.entries(answer.rates)) {
      const rate = this.form.querySelector(`.rate[data-rate="${CSS.escape(name)}"]`);
      if (rate) { rate.hidden = false; rate.querySelector("output").textContent = value; }
    }
    document.dispatchEvent(new CustomEvent("zhizhen:saved"));
  }

  async begin(given) {
    this.saver = new Saver({
      ...given,
      on: {
        state: () => summary(),
        saved: (answer) => steadily(() => { this.saved(answer); summary(); }),
        ended: (message) => ended(message),
        refused: (message) => show(say.refused + message, "wrong"),
      },
    });
    all.push(this);
    const kept_here = await works();
    this.saver.forgetful = !kept_here;
    document.addEventListener("input", (event) => { // on the document: after what excludes each other has been cleared
      const field = event.target, box = field.name && this.form.contains(field) && this.facts.get(fact_of(field));
      if (!box || event.isComposing || /!(keep|asked)$/.test(field.name)) return;
      const at_once = field.type === "radio" || field.type === "checkbox" || field.tagName === "SELECT";
      this.saver.say(fact_of(field), this.typed_in(box), at_once ? undefined : AFTER_TYPING_MS);
    });
    this.form.addEventListener("change", (event) => {
      if (event.target.name && this.saver.said.get(fact_of(event.target))?.next) this.saver.soon(0);
    });
    addEventListener("pagehide", () => this.saver.farewell());
    addEventListener("beforeunload", (event) => {
      if (this.saver.open && (this.saver.forgetful || this.saver.stopped)) event.preventDefault();
    });
    return kept_here ? this.restore() : 0;
  }

  async restore() {
    const left = await this.saver.restore();
    for (const [fact, fields] of left) {
      if (this.facts.has(fact)) this.put_back(fact, fields);
      else if (this.saver.said.get(fact).held) this.saver.say(fact, fields, 0); // of an earlier screen: ask once more
    }
    return left.size;
  }

  /** The buttons of the page go on only after everything has arrived. */
  send_before_leaving() {
    const { form, saver } = this;
    let through = false;
    form.addEventListener("submit", async (event) => {
      if (through || !(saver.open || saver.seen.size)) return;
      event.preventDefault();
      event.stopPropagation();
      const button = event.submitter;
      if (!(await saver.settle())) return summary();
      token_in(form).value = saver.token; // of the session of now
      for (const [fact, seen] of saver.seen) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: `${fact}!seen`, value: seen }));
      for (const fact of [...saver.said.keys()]) { saver.said.delete(fact); saver.keep(fact); }
      setTimeout(() => { // not within the sending that was just held back
        through = true;
        form.requestSubmit(button);
        setTimeout(() => { through = false; }, 4000);
      });
    });
  }
}

// --- the session ----------------------------------------------------------------------------------------------------

function watch_session(minutes) {
  const lead = Math.min(LEAST_LEAD_MINUTES, minutes / 4), dialog = document.getElementById("ending");
  document.getElementById("stay").addEventListener("click", async () => {
    dialog.close();
    if (await renew_all()) contact();
    else ended(say.ended);
  });
  setInterval(() => {
    const idle = (Date.now() - Number(localStorage.getItem("contact") ?? Date.now())) / 60000;
    if (idle >= minutes - lead && idle < minutes) { if (!dialog.open && navigator.onLine) dialog.showModal(); }
    else if (dialog.open) dialog.close();
  }, Math.min(15000, minutes * 6000));
}

/** Go on with the session of now. Returns whether it is the same person's. */
async function renew_all() {
  const who = await Promise.all(all.map(({ saver }) => saver.renew().catch(() => "")));
  if (who.some((one, at) => one && one !== all[at].saver.who)) show(say.somebody, "wrong");
  return who.every((one, at) => one === all[at].saver.who);
}

let asking = false;
function ended(message) {
  show(message, "wrong");
  status.append(" ", Object.assign(document.createElement("a"), { href: "/sign-in", target: "_blank", textContent: say.signIn }));
  if (asking) return;
  asking = true;
  const again = async () => {
    if (document.visibilityState !== "visible" || !(await renew_all())) return;
    contact();
    summary();
    asking = false;
    removeEventListener("focus", again);
    document.removeEventListener("visibilitychange", again);
  };
  addEventListener("focus", again);
  document.addEventListener("visibilitychange", again);
}

// --- the page -------------------------------------------------------------------------------------------------------

/** Save every form of the page by itself; `given(form)` says address, who, token and revision; `before` fills it. */
export async function begin(forms, given, before = () => {}) {
  contact();
  watch_session(Number(forms[0].dataset.minutes));
  const sheets = forms.map((form) => new Sheet(form));
  sheets.forEach(before);
  const left = await Promise.all(sheets.map((sheet) => sheet.begin(given(sheet.form))));
  const count = left.reduce((sum, one) => sum + one, 0);
  if (count) show(filled(say.restored, { count }), "waiting");
  for (const { form } of sheets) form.dataset.ready = "1"; // for whoever waits until answers are saved by themselves
  return sheets;
}

const form = document.querySelector("form.questions[data-who]:not([data-save])");
if (form && say && status) {
  const [sheet] = await begin([form], () => ({
    address: form.dataset.answers ?? `${location.pathname}/answers`,
    who: form.dataset.who,
    token: token_in(form).value,
    revision: form.elements.revision.value,
    also: [...form.querySelectorAll("input[name=asked]")].map(({ value }) => ["asked", value]),
  }));
  sheet.send_before_leaving();
}
