// Loaded into a measured process with `--import`: at its end, writes what it used as JSON to descriptor 3.

import { existsSync, readFileSync, writeSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1000, residentMb: peakResidentBytes() / 1e6 }));
});

/** Linux counts the memory of the process that started this one into `maxRSS`, but not into its own figure. */
function peakResidentBytes() {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const kibibytes = status.match(/^VmHWM:\s*(\d+) kB/m)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kibibytes) * 1024;
}
