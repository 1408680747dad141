// Opens without a network what was taken along: the sheets of questions, which hold no answers, and what they load.
"use strict";

const NAME = "taken-along", PATIENCE_MS = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Makes no store where there is none. A script that another one names carries no digest of its content.
const kept = (request) =>
  caches.match(request.url, { cacheName: NAME, ignoreSearch: new URL(request.url).pathname.startsWith("/static/") });

async function from_network(request) {
  const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok || response.redirected) return response;
  if (await kept(request)) await (await caches.open(NAME)).put(request.url, response.clone());
  return response;
}

// The page as it is now where it can be had; else, also when the session has ended, as it was taken along.
async function answer(request) {
  try {
    const response = await from_network(request);
    return response.ok && !response.redirected ? response : (await kept(request)) ?? response;
  } catch (error) {
    const found = await kept(request);
    if (found) return found;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.endsWith("/offline") || pathname.startsWith("/static/") || pathname.includes("/coach/")) {
    event.respondWith(answer(request));
  }
});

async function take(addresses) {
  const cache = await caches.open(NAME);
  for (const address of addresses) {
    const response = await fetch(address, { credentials: "same-origin" });
    if (!response.ok || response.redirected) throw new Error(address);
    await cache.put(address, response);
  }
}

self.addEventListener("message", (event) => {
  const [port] = event.ports;
  event.waitUntil(take(event.data.take).then(() => port.postMessage(true), () => port.postMessage(false)));
});
