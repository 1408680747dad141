// A section taken along: its sheet opens without a network, its answers lie encrypted on this device and are merged later.
"use strict";

import { begin, show, summary } from "./fill.js";
import * as store from "./store.js";

const forms = [...document.querySelectorAll("form.questions[data-save]")];
const along = document.getElementById("along");
const who = forms[0]?.dataset.who, address = location.pathname;

/** Return the answers as they are now; without a network as they were when the section was taken along. */
async function answers() {
  try {
    const response = await fetch(`${address}/answers`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!response.ok) throw new Error(response.status);
    const now = { title: along.dataset.title, ...(await response.json()) };
    await store.take({ who, address }, now).catch(() => {});
    return now;
  } catch {
    return store.taken({ who, address }).catch(() => undefined);
  }
}

/** Ask the worker to keep this sheet, everything it loads and the explanations of its questions. */
async function take_along() {
  await navigator.serviceWorker.register("/worker.js");
  const worker = (await navigator.serviceWorker.ready).active;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name)
    .filter((one) => new URL(one).pathname.startsWith("/static/"));
  const explained = [...document.querySelectorAll("a[data-panel]")].map((one) => `${one.href}?part=1`);
  const static_of_list = ["/offline", new URL("./taken.js", import.meta.url).href];
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    worker.postMessage({ take: [location.origin + address, ...new Set([...loaded, ...explained, ...static_of_list])] }, [port2]);
  });
}

async function tell() {
  if (!navigator.onLine) {
    along.textContent = along.dataset.away;
    return;
  }
  const kept = navigator.serviceWorker && (await store.works()) && (await take_along().catch(() => false));
  along.textContent = kept ? along.dataset.taken : along.dataset.failed;
}

if (forms.length) {
  const now = await answers();
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  await begin(
    forms,
    (form) => ({ address: form.dataset.save, who, token, revision: now?.revision ?? 0 }),
    (sheet) => { for (const fact of sheet.facts.keys()) if (now?.facts[fact]) sheet.fill(fact, now.facts[fact]); },
  );
  if (!now) show(along.dataset.failed, "wrong");
  await tell();
  addEventListener("online", tell);
  addEventListener("offline", () => { along.textContent = along.dataset.away; summary(); });
  along.dataset.ready = "1";
}
