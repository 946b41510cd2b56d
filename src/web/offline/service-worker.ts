// Keeps the whole page, so that it opens without a network. The list of its files is written in at build time.

import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

type PrecacheEntry = { url: string; revision: string | null };
type WaitableEvent = Event & { waitUntil(promise: Promise<unknown>): void };

declare const PRECACHE: PrecacheEntry[];
declare function skipWaiting(): Promise<void>;
declare const clients: { claim(): Promise<void> };

precacheAndRoute(PRECACHE, { ignoreURLParametersMatching: [/.*/] });
cleanupOutdatedCaches();

self.addEventListener("message", ({ data }) => {
  if (data === "use-new-version") void skipWaiting();
});
self.addEventListener("activate", (event) => (event as WaitableEvent).waitUntil(clients.claim()));
