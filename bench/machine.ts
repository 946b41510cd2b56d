import { availableParallelism, cpus, loadavg } from "node:os";

/** The machine, for the first line of a report. The load tells how far to trust the times: it is to be near 0. */
export function describeMachine() {
  return {
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: `${availableParallelism()} cores`,
    node: `Node.js ${process.versions.node} on ${process.platform} ${process.arch}`,
    load: `load ${loadavg()[0]!.toFixed(1)}`,
  };
}
