import { readdirSync, readFileSync } from "node:fs";

/**
 * Memory of a process and all that it has started: the sum of their proportional set sizes, in which pages that several
 * processes share count once.
 *
 * @param pid Of the first process.
 * @returns MB; 0 where the system does not tell (anywhere but on Linux) or the process is gone.
 */
export function memoryOfTree(pid: number): number {
  return treeOf(pid).reduce((sum, member) => sum + proportionalSize(member), 0);
}

function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    // The name in parentheses may hold spaces.
    const fields = readOrEmpty(`/proc/${name}/stat`).split(") ").at(-1)?.split(" ");
    if (fields?.[1]) parents.set(Number(name), Number(fields[1]));
  }
  const tree = [pid];
  for (const member of tree) {
    for (const [child, parent] of parents) if (parent === member) tree.push(child);
  }
  return tree;
}

function proportionalSize(pid: number): number {
  const kibibytes = /^Pss:\s*(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0;
  return (Number(kibibytes) * 1024) / 1e6;
}

/** A process may end while it is looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
