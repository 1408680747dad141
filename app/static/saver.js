// Sends answers one after another as they are given. What was sent and not acknowledged is sent again, unchanged, before
// anything newer: saying the same twice counts once, and an answer of one's own never looks like a colleague's.
"use strict";

import * as store from "./store.js";

const FIRST_WAIT_MS = 2000, LONGEST_WAIT_MS = 30000, SETTLE_MS = 400;

/** What is said on one page. `on` is told what happens: state(), saved(answer), ended(message), refused(message). */
export class Saver {
  constructor({ address, who, token, revision, on, also = [] }) {
    Object.assign(this, { address, who, token, on, also, revision: Number(revision) }); // `also` goes along each time
    this.seen = new Map(); // fact -> the save at which this page last knew what is kept
    this.said = new Map(); // fact -> {flying: {fields, seen} | null, next: {fields} | null, held: {fields} | null}
    this.writing = new Map(); // fact -> how many writes to this device are under way
    this.wait = FIRST_WAIT_MS;
    this.stopped = false;
    addEventListener("online", () => this.soon(0));
  }

  /** How many facts have not reached the server, and how many of them wait for the person. */
  get open() { return [...this.said.values()].filter((one) => one.flying || one.next).length; }
  get held() { return [...this.said.values()].filter((one) => one.held).length; }

  say(fact, fields, after = SETTLE_MS) {
    const one = this.said.get(fact) ?? { flying: null, next: null, held: null };
    this.said.set(fact, { ...one, next: { fields }, held: null });
    this.keep(fact);
    this.on.state("typing");
    this.soon(after);
  }

  /** Take up what an earlier visit left behind; returns fact -> fields to be shown again. */
  async restore() {
    const left = new Map();
    for (const { fact, said } of await store.waiting(this.who, this.address)) {
      if (this.said.has(fact)) continue;
      this.said.set(fact, said);
      if (said.seen !== undefined) this.seen.set(fact, said.seen);
      left.set(fact, (said.next ?? said.held ?? said.flying).fields);
    }
    if (this.open) this.soon(0);
    return left;
  }

  /** How many of them lie safely on this device. */
  get here() { return [...this.said].filter(([fact, one]) => (one.flying || one.next) && !this.writing.get(fact)).length; }

  keep(fact) {
    const one = this.said.get(fact), place = { who: this.who, address: this.address, fact };
    const written = one ? store.put(place, { ...one, seen: this.seen.get(fact) ?? this.revision }) : store.drop(place);
    this.writing.set(fact, (this.writing.get(fact) ?? 0) + 1);
    written.catch(() => { this.forgetful = true; }).finally(() => {
      this.writing.set(fact, this.writing.get(fact) - 1);
      if (this.waiting) this.on.state("waiting");
    });
  }

  soon(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), after);
  }

  /** Send until nothing is left, or give up after some time; returns whether everything arrived. */
  async settle(most_ms = 8000) {
    const end = Date.now() + most_ms;
    while (this.open && !this.stopped && Date.now() < end) {
      await this.send();
      if (this.open) await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return !this.open;
  }

  take() {
    const flying = [...this.said].filter(([, one]) => one.flying);
    if (flying.length) return flying.map(([fact]) => fact);
    const next = [...this.said].filter(([, one]) => one.next).map(([fact]) => fact);
    for (const fact of next) {
      const one = this.said.get(fact);
      this.said.set(fact, { flying: { fields: one.next.fields, seen: this.seen.get(fact) ?? this.revision }, next: null, held: null });
      this.keep(fact);
    }
    return next;
  }

  body(facts) {
    const body = new URLSearchParams([["csrf_token", this.token], ["revision", this.revision], ...this.also]);
    for (const [fact, seen] of this.seen) if (!facts.includes(fact)) body.append(`${fact}!seen`, seen);
    for (const fact of facts) {
      const { fields, seen } = this.said.get(fact).flying;
      body.append(`${fact}!seen`, seen);
      for (const [name, value] of fields) body.append(name, value);
    }
    return body;
  }

  async send() {
    if (this.busy || this.stopped) return;
    const facts = this.take();
    if (!facts.length) return;
    this.busy = true;
    this.on.state("saving");
    try {
      const response = await fetch(this.address, {
        method: "POST", body: this.body(facts), headers: { Accept: "application/json" }, credentials: "same-origin",
        signal: AbortSignal.timeout(20000), redirect: "error",
      });
      await this.answered(response, facts);
    } catch {
      this.later();
    } finally {
      this.busy = false;
    }
    if (this.open && !this.stopped && !this.waiting) this.soon(0);
  }

  async answered(response, facts) {
    if (response.status === 401) return this.ended((await response.json()).message);
    this.renewed = false;
    if (response.status >= 500 || response.status === 429) return this.later();
    const answer = await response.json();
    if (!response.ok) {
      this.stopped = true;
      return this.on.refused(answer.message);
    }
    this.waiting = false;
    this.wait = FIRST_WAIT_MS;
    for (const fact of facts) {
      const one = this.said.get(fact);
      if (fact in answer.kept) this.seen.set(fact, answer.kept[fact]);
      const wrong = fact in answer.errors || fact in answer.conflicts;
      const left = { flying: null, next: one.next, held: wrong && !one.next ? { fields: one.flying.fields } : null };
      if (left.next || left.held) this.said.set(fact, left);
      else this.said.delete(fact);
      this.keep(fact);
    }
    this.on.saved(answer);
  }

  later() {
    this.waiting = true;
    this.on.state("waiting");
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  /** The session does not hold: perhaps only the token of this page is an old one. Else somebody has to sign in. */
  async ended(message) {
    if (!this.renewed && (await this.renew().catch(() => "")) === this.who) this.renewed = true; // nothing stops meanwhile
    else {
      this.stopped = true;
      this.on.ended(message);
    }
  }

  /** Try again with the session of now: after signing in elsewhere. Returns who is signed in. */
  async renew() {
    const now = await (await fetch("/session", { headers: { Accept: "application/json" } })).json();
    if (now.who === this.who) {
      this.token = now.token;
      this.stopped = false;
      this.soon(0);
    }
    return now.who;
  }

  /** The page goes away: send what is left without waiting for an answer. What does not arrive is still on this device. */
  farewell() {
    const facts = this.stopped || !navigator.onLine ? [] : this.take();
    if (facts.length) navigator.sendBeacon(this.address, this.body(facts));
  }
}
