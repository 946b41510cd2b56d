// The resident memory of processes, looked at while they work. A limit of the operating system alone would not do: it
// counts what is set aside, of which V8 and WebAssembly take far more than they use.

import { readFileSync } from "node:fs";

/** How often, in ms: a process can take some 100 MB meanwhile. */
const INTERVAL_MS = 50;

/** Which process, and what of it. */
export type WatchOptions = {
  pid: number | undefined;
  /** Resident bytes at most. */
  maxBytes: number;
  /** Whether it has work; one without is not looked at. */
  isBusy: () => boolean;
  /** Called each time more is found. */
  onExceeded: () => void;
};

const watched = new Set<WatchOptions>();
let timer: NodeJS.Timeout | undefined;

/**
 * Watches a process until the function returned is called. Where the system does not tell (anywhere but on Linux), nothing
 * is found.
 *
 * @param options See {@link WatchOptions}.
 */
export function watchMemory(options: WatchOptions): () => void {
  watched.add(options);
  timer ??= setInterval(look, INTERVAL_MS).unref();
  return () => {
    watched.delete(options);
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
  for (const { pid, maxBytes, isBusy, onExceeded } of watched) {
    if (pid !== undefined && isBusy() && residentBytes(pid) > maxBytes) onExceeded();
  }
}
