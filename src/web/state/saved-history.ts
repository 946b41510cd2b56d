import { effect } from "@preact/signals";
import { createStore, delMany, entries, setMany } from "idb-keyval";
import { type HistoryEntry, history, recall } from "./history.ts";
import { notice } from "./page-state.ts";
import { keepsHistory } from "./settings.ts";

const store = createStore("spoken-digits", "history");
// What lies in the browser's database, by id.
const saved = new Map<number, HistoryEntry>();
let lastWrite: Promise<void> = Promise.resolve();

/** Brings back the answers of earlier visits, and from then on saves each change. To be called once. */
export async function recallHistory(): Promise<void> {
  if (keepsHistory.value) await read().catch(giveUp);
  effect(() => {
    const wanted = keepsHistory.value ? history.value : [];
    lastWrite = lastWrite.then(() => write(wanted)).catch(giveUp);
  });
}

async function read(): Promise<void> {
  for (const [id, entry] of await entries<number, HistoryEntry>(store)) saved.set(id, entry);
  recall([...saved.values()]);
}

async function write(wanted: readonly HistoryEntry[]): Promise<void> {
  const kept = new Set(wanted.map(({ id }) => id));
  const gone = [...saved.keys()].filter((id) => !kept.has(id));
  const changed = wanted.filter((entry) => saved.get(entry.id) !== entry);
  if (gone.length > 0) await delMany(gone, store);
  if (changed.length > 0)
    await setMany(
      changed.map((entry) => [entry.id, entry]),
      store,
    );
  for (const id of gone) saved.delete(id);
  for (const entry of changed) saved.set(entry.id, entry);
}

function giveUp(error: unknown): void {
  keepsHistory.value = false;
  notice.value = {
    title: "The history cannot be kept here",
    text: "This browser has no room for it, or is in private mode. It is there until you leave the page.",
    detail: String(error),
  };
}
