// The list of what this device has with it.
"use strict";

import * as store from "./store.js";

const list = document.getElementById("taken");
const sheets = await store.all_taken().catch(() => []);
const waiting = await store.waiting().catch(() => []);
for (const { address, sheet } of sheets) {
  const base = address.replace(/\/offline$/, "/");
  const count = waiting.filter((one) => one.address.startsWith(base)).length;
  const line = document.createElement("li"), link = document.createElement("a"), name = document.createElement("span");
  Object.assign(link, { href: address, className: "list__row" });
  name.append(Object.assign(document.createElement("strong"), { textContent: sheet.title }));
  if (count) name.append(Object.assign(document.createElement("small"), { textContent: list.dataset.waiting.replace("{count}", count) }));
  link.append(name);
  line.append(link);
  list.append(line);
}
if (!sheets.length) list.append(Object.assign(document.createElement("li"), { textContent: list.dataset.none }));
