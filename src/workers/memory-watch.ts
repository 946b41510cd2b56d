// The resident memory of processes, looked at while they work. A limit of the operating system alone would not do: it
// counts what is set aside, of which V8 and WebAssembly take far more than they use.

import { residentBytes } from "./process-usage.ts";

/** How often, in ms: a process can take some 100 MB meanwhile. */
const INTERVAL_MS = 50;

/** Looks after which it is judged what a process keeps: the least that it had, busy or not, within a minute. */
const LOOKS = 1200;

/** What a process may keep, of what it had when it was new, and what it may hold without work, of its limit. */
const [MAX_GROWTH, MAX_REST] = [1.75, 0.75];

/** Which process, and what of it. */
export type WatchOptions = {
  /** Its id, undefined where it could not be started. */
  pid: number | undefined;
  /** Resident bytes at most. */
  maxBytes: number;
  /** Whether it has work; one without is looked at for no more than a minute. */
  isBusy: () => boolean;
  /** Called each time more is found while it has work. */
  onExceeded: () => void;
  /** Called when it keeps much more than when it was new, or holds most of its limit when a call is over. */
  onKept: () => void;
};

type Watched = WatchOptions & { wasBusy: boolean; nLooks: number; leastBytes: number; newBytes?: number };
const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;

/**
 * Watches a process until the function returned is called. Where the system does not tell (anywhere but on Linux), nothing
 * is found.
 *
 * @param options See {@link WatchOptions}.
 */
export function watchMemory(options: WatchOptions): () => void {
  const entry: Watched = { ...options, wasBusy: false, nLooks: 0, leastBytes: Number.POSITIVE_INFINITY };
  watched.add(entry);
  timer ??= setInterval(() => watched.forEach(look), INTERVAL_MS).unref();
  return () => {
    watched.delete(entry);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function look(entry: Watched): void {
  const { pid, maxBytes, wasBusy } = entry;
  const isBusy = entry.isBusy();
  entry.wasBusy = isBusy;
  if (!isBusy && !wasBusy && entry.nLooks === 0) return;
  const bytes = residentBytes(pid);
  // Its first call is to load a model.
  if (!isBusy) entry.newBytes ??= bytes;
  if (isBusy && bytes > maxBytes) entry.onExceeded();
  if (!isBusy && wasBusy && bytes > MAX_REST * maxBytes) entry.onKept();
  entry.leastBytes = Math.min(entry.leastBytes, bytes);
  if (++entry.nLooks === LOOKS) judge(entry);
}

function judge(entry: Watched): void {
  entry.newBytes ??= entry.leastBytes;
  if (entry.leastBytes > MAX_GROWTH * entry.newBytes) entry.onKept();
  Object.assign(entry, { nLooks: 0, leastBytes: Number.POSITIVE_INFINITY });
}
