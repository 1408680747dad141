// What is done on this device before somebody signs out.
"use strict";

import * as store from "./store.js";

/** Clear this device; returns false when the person would rather keep what has not been sent. */
export async function leave(question) {
  try {
    const { length } = await store.waiting();
    if (length && !window.confirm(question.replace("{count}", length))) return false;
    await store.forget();
  } catch { /* nothing can be kept here, so nothing is */ }
  return true;
}
