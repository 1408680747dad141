// Answers that have not reached the server yet, kept on this device. They are encrypted with a key that this browser
// made and never gives out; it goes with them when nothing waits any more.
"use strict";

const NAME = "zhizhen", ANSWERS = "answers", KEYS = "keys", SHEETS = "sheets";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened;
const open = () => {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEYS);
      request.result.createObjectStore(ANSWERS, { keyPath: ["who", "address", "fact"] });
      request.result.createObjectStore(SHEETS, { keyPath: ["who", "address"] });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
};

const table = async (name, mode) => (await open()).transaction(name, mode).objectStore(name);

async function key() {
  const kept = await done((await table(KEYS, "readonly")).get("key"));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const keys = await table(KEYS, "readwrite");
  const meanwhile = await done(keys.get("key")); // another window may have been first
  if (meanwhile) return meanwhile;
  await done(keys.put(made, "key"));
  return made;
}

const names = ({ who, address, fact }) => new TextEncoder().encode(JSON.stringify([who, address, fact ?? null]));

async function seal(place, said) {
  const iv = crypto.getRandomValues(new Uint8Array(12)), text = new TextEncoder().encode(JSON.stringify(said));
  return { ...place, iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: names(place) }, await key(), text) };
}

async function unseal(row) {
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: names(row) }, await key(), row.sealed);
  return JSON.parse(new TextDecoder().decode(text));
}

/** Keep what is said about one fact: `place` is {who, address, fact}. */
export async function put(place, said) {
  const row = await seal(place, said);
  await done((await table(ANSWERS, "readwrite")).put(row));
}

/** Forget one fact. */
export async function drop({ who, address, fact }) {
  await done((await table(ANSWERS, "readwrite")).delete([who, address, fact]));
}

/** Return everything that waits for this person: [{address, fact, said}], of one page or, without `address`, of all. */
export async function waiting(who, address) {
  const range = who && IDBKeyRange.bound(...(address ? [[who, address], [who, address, []]] : [[who], [who, []]]));
  const rows = await done((await table(ANSWERS, "readonly")).getAll(range));
  return Promise.all(rows.map(async (row) => ({ address: row.address, fact: row.fact, said: await unseal(row) })));
}

/** Keep a section that was taken along: `place` is {who, address}, `sheet` its title, save number and answers. */
export async function take(place, sheet) {
  const row = await seal(place, sheet);
  await done((await table(SHEETS, "readwrite")).put(row));
}

/** Return a section that was taken along, undefined when it was not. */
export async function taken({ who, address }) {
  const row = await done((await table(SHEETS, "readonly")).get([who, address]));
  return row && unseal(row);
}

/** Return everything that was taken along: [{address, sheet}]. */
export async function all_taken() {
  const rows = await done((await table(SHEETS, "readonly")).getAll());
  return Promise.all(rows.map(async (row) => ({ address: row.address, sheet: await unseal(row) })));
}

/** Forget everything on this device: answers, sections and the key. */
export async function forget() {
  (await opened?.catch(() => null))?.close();
  opened = undefined;
  await done(indexedDB.deleteDatabase(NAME));
  await globalThis.caches?.delete("taken-along");
}

/** Tell whether answers can be kept here at all: not in a private window of some browsers, not without HTTPS. */
export async function works() {
  try {
    return Boolean(globalThis.crypto?.subtle) && Boolean(await key());
  } catch {
    return false;
  }
}
