import { quantile } from "../measure.ts";
import type { Result } from "../result.ts";
import { countOf, failureResult, loadServer, timeOf } from "./load.ts";
import type { ServerProcess } from "./server-process.ts";

/** Parts of the soak of which a memory figure is taken. */
const PARTS = 5;

/** How often memory is looked at, in ms. */
const SAMPLE_INTERVAL_MS = 1000;

/**
 * Loads a server for minutes and watches its memory.
 *
 * @param server Under way.
 * @param options.connections Of the client, each of which asks again as soon as it is answered.
 * @param options.minutes How long.
 * @returns The rate, the latency, and the middle memory of each fifth of the time.
 */
export async function soak(
  server: ServerProcess,
  { connections, minutes }: { connections: number; minutes: number },
): Promise<Result[]> {
  const memories: number[] = [];
  const timer = setInterval(() => {
    const { residentMb } = server.memory() ?? {};
    if (residentMb !== undefined) memories.push(residentMb);
  }, SAMPLE_INTERVAL_MS);
  const load = await loadServer(server.url, { connections, seconds: 60 * minutes });
  clearInterval(timer);
  return [
    { name: "answered", value: countOf(load, 200) / load.seconds, unit: "requests/s" },
    { name: "time, 99 of 100", value: timeOf(load, 200, 0.99), unit: "ms" },
    failureResult(load, [200]),
    ...memoryByPart(memories, minutes),
  ];
}

function memoryByPart(memories: readonly number[], minutes: number): Result[] {
  if (memories.length < PARTS) return [];
  return Array.from({ length: PARTS }, (_, i) => {
    const [start, end] = [i, i + 1].map((part) => Math.floor((part * memories.length) / PARTS));
    const until = ((i + 1) * minutes) / PARTS;
    const value = quantile(memories.slice(start, end), 0.5);
    return { name: `memory until minute ${until.toFixed(1)}`, value, unit: "MB" };
  });
}
