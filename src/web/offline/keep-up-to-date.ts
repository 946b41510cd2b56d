// Offline use after the first visit, and new versions without a stale page.

import { history } from "../state/history.ts";
import { listening, updateWaiting } from "../state/page-state.ts";

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
  const registration = await navigator.serviceWorker.register(
    new URL("service-worker.js", document.baseURI),
    {
      type: "module",
    },
  );
  offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
}

/** Uses the new version: the page reloads. */
export function takeUpdate(): void {
  waiting?.postMessage("use-new-version");
}

function offer(registration: ServiceWorkerRegistration): void {
  if (!registration.waiting || !navigator.serviceWorker.controller) return;
  waiting = registration.waiting;
  if (history.value.length === 0 && listening.value === "off") takeUpdate();
  else updateWaiting.value = true;
}
