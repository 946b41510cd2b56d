// What Linux tells of a process in /proc.

import { existsSync, readFileSync } from "node:fs";

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
export function residentBytes(pid: number | undefined): number {
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
