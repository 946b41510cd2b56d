// Memory and processor time of a process and all that it has started. Linux alone tells; elsewhere all figures are 0.

import { readdirSync, readFileSync } from "node:fs";

/** How often memory is looked at, in ms. */
const INTERVAL_MS = 500;

/** What was seen of the memory of a process and its children, in MB. */
export type MemoryFigures = {
  /** Of all together now and then: the sum of their proportional set sizes, in which shared pages count once. */
  samples: readonly number[];
  /** The median of each minute that was begun. */
  byMinute: number[];
  /** The largest of all samples. */
  peakMb: number;
  /** What one process held resident at its peak, more than the largest did at first. */
  extraMb: number;
};

/**
 * Looks at memory until it is told to stop.
 *
 * @param pid Of the first process, which is at rest.
 */
export function measureMemory(pid: number): { peakMb(): number; stop(): MemoryFigures } {
  const samples: number[] = [];
  const restMb = Math.max(0, ...treeOf(pid).map((member) => statusMb(member, "VmRSS")));
  let maxMb = 0;
  const look = () => {
    const tree = treeOf(pid);
    samples.push(tree.reduce((sum, member) => sum + proportionalMb(member), 0));
    maxMb = Math.max(maxMb, ...tree.map((member) => statusMb(member, "VmHWM")));
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  return {
    peakMb: () => Math.max(...samples),
    stop() {
      clearInterval(timer);
      return { samples, byMinute: minutesOf(samples), peakMb: Math.max(...samples), extraMb: maxMb - restMb };
    },
  };
}

/**
 * Processor time of a process and all that it has started, with that of children which have ended.
 *
 * @param pid Of the first process.
 * @returns ms.
 */
export function processorMs(pid: number): number {
  // Fields 14 to 17 of proc(5), in hundredths of a second.
  const ticks = treeOf(pid).flatMap((member) => fieldsOf(member).slice(11, 15));
  return 10 * ticks.reduce((sum, field) => sum + Number(field), 0);
}

/** From the third on: the name in parentheses before them may hold spaces. */
function fieldsOf(pid: number | string): string[] {
  return readOrEmpty(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
}

function minutesOf(samples: readonly number[]): number[] {
  const perMinute = 60_000 / INTERVAL_MS;
  return Array.from({ length: Math.ceil(samples.length / perMinute) }, (_, i) => {
    const sorted = samples.slice(i * perMinute, (i + 1) * perMinute).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)]!;
  });
}

function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    parents.set(Number(name), Number(fieldsOf(name)[1]));
  }
  const tree = [pid];
  for (const member of tree) {
    for (const [child, parent] of parents) if (parent === member) tree.push(child);
  }
  return tree;
}

function proportionalMb(pid: number): number {
  return megabytes(readOrEmpty(`/proc/${pid}/smaps_rollup`), "Pss");
}

function statusMb(pid: number, key: string): number {
  return megabytes(readOrEmpty(`/proc/${pid}/status`), key);
}

function megabytes(text: string, key: string): number {
  return (Number(new RegExp(`^${key}:\\s*(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024) / 1e6;
}

/** A process may end while it is looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
