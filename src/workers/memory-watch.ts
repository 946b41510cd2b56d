// The resident memory of processes, looked at while they work. A limit of the operating system alone would not do: it
// counts what is set aside, of which V8 and WebAssembly take far more than they use.

import { readFileSync } from "node:fs";

/** How often, in ms: a process can take some 100 MB meanwhile. */
const INTERVAL_MS = 50;

/** Which process, and what of it. */
export type WatchOptions = {
  /** Its id, undefined where it could not be started. */
  pid: number | undefined;
  /** Resident bytes at most. */
  maxBytes: number;
  /** Whether it has work; one without is looked at once more. */
  isBusy: () => boolean;
  /** Called each time more is found while it has work. */
  onExceeded: () => void;
  /** Called when it has no work and still holds most of that: the next call should not pay for the last. */
  onKept: () => void;
};

/** What a process without work may hold of its limit. */
const KEPT_SHARE = 0.75;

type Watched = WatchOptions & { wasBusy: boolean };
const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;

/**
 * Watches a process until the function returned is called. Where the system does not tell (anywhere but on Linux), nothing
 * is found.
 *
 * @param options See {@link WatchOptions}.
 */
export function watchMemory(options: WatchOptions): () => void {
  const entry: Watched = { ...options, wasBusy: false };
  watched.add(entry);
  timer ??= setInterval(look, INTERVAL_MS).unref();
  return () => {
    watched.delete(entry);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * Resident memory of a process in bytes.
 *
 * @param pid Its id.
 * @returns 0 where it has ended or the system does not tell.
 */
export function residentBytes(pid: number): number {
  try {
    const kibibytes = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return 1024 * Number(kibibytes ?? 0);
  } catch {
    return 0;
  }
}

function look(): void {
  for (const entry of watched) {
    const isBusy = entry.isBusy();
    if (isBusy || entry.wasBusy) judge(entry, isBusy);
    entry.wasBusy = isBusy;
  }
}

function judge({ pid, maxBytes, onExceeded, onKept }: Watched, isBusy: boolean): void {
  const bytes = pid === undefined ? 0 : residentBytes(pid);
  if (isBusy && bytes > maxBytes) onExceeded();
  if (!isBusy && bytes > KEPT_SHARE * maxBytes) onKept();
}
