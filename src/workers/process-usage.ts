// What Linux tells of a process in /proc, and a watch on its resident memory while it works. A limit of the operating
// system alone would not do: it counts what is set aside, of which V8 and WebAssembly take far more than they use.

import { existsSync, readFileSync } from "node:fs";

/** How often, in ms: a process can take some 100 MB meanwhile. */
const INTERVAL_MS = 50;

/** Looks after which it is judged what a process keeps: the least that it had, busy or not, within a minute. */
const LOOKS = 1200;

/** What a process may keep, of what it had when it was new, and what it may hold without work, of its limit. */
const [MAX_GROWTH, MAX_REST] = [1.75, 0.75];

/** Whether {@link processorMs} is more than 0 here. */
export const isProcessorTimeKnown = existsSync("/proc/self/stat");

/** Ticks in which Linux counts processor time for programs, whatever it uses itself: proc(5), sysconf(3). */
const TICKS_PER_SECOND = 100;

/**
 * Resident memory of a process in bytes.
 *
 * @param pid Its id, undefined where it could not be started.
 * @returns 0 where it has ended or the system does not tell.
 */
function residentBytes(pid: number | undefined): number {
  return 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(read(pid, "status"))?.[1] ?? 0);
}

/**
 * Time of the processor that a process has had, of all its threads, in ms.
 *
 * @param pid Its id, undefined where it could not be started.
 * @returns 0 where it has ended or the system does not tell.
 */
export function processorMs(pid: number | undefined): number {
  // The name of the program in brackets may hold anything. Then come its state and ten numbers.
  const [, user = 0, system = 0] = /.*\) \S(?: -?\d+){10} (\d+) (\d+)/s.exec(read(pid, "stat")) ?? [];
  return (1000 * (Number(user) + Number(system))) / TICKS_PER_SECOND;
}

function read(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

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
