// Offline use after the first visit, and new versions without a stale page.

import { history } from "../state/history.ts";
import { listening, updateWaiting } from "../state/page-state.ts";

const RELOAD_AFTER_MS = 3000;

let waiting: ServiceWorker | null = null;

/**
 * Registers the service worker. A new version that is found is used at once where nothing would be lost by it, else
 * offered. Without service workers (an old browser, an address that is not secure) the page works online only.
 */
export async function keepUpToDate(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const hadController = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadController) location.reload();
  });
  const worker = new URL("service-worker.js", document.baseURI);
  const registration = await navigator.serviceWorker.register(worker, { type: "module" });
  // On the first visit there is no older version that this one could take the place of.
  if (!hadController) return;
  const watch = () => registration.installing?.addEventListener("statechange", () => offer(registration));
  offer(registration);
  watch(); // another tab, or the browser, may have found it before
  registration.addEventListener("updatefound", watch);
}

/** Uses the new version: the page reloads. */
export function takeUpdate(): void {
  waiting?.postMessage("use-new-version");
  // Where the browser does not say that it has taken over, the page is loaded anew all the same.
  setTimeout(() => location.reload(), RELOAD_AFTER_MS);
}

function offer({ waiting: found }: ServiceWorkerRegistration): void {
  waiting = found;
  const isNew = found !== null && found !== navigator.serviceWorker.controller;
  if (isNew && history.value.length === 0 && listening.value === "off") takeUpdate();
  else updateWaiting.value = isNew;
}
