// npm run bench:server [-- --seconds N --connections N --soak MINUTES --json]: the service over loopback, client and
// server on the same cores.

import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.ts";
import { formatResults, isMet, type Result } from "../result.ts";
import { benchLive } from "./live.ts";
import { countOf, failureResult, type Load, loadServer, timeOf } from "./load.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { soak } from "./soak.ts";

/** Times the rate that the server was measured to take. */
const OVERLOAD = 10;

/** Connections under overload: more than the queue and the threads hold together, so that some are refused. */
const OVERLOAD_CONNECTIONS = 256;

/** As many as a server takes unless told otherwise. */
const LIVE_SESSIONS = 32;
const LIVE_SECONDS = 60;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    connections: { type: "string", default: "16" },
    soak: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const seconds = readNumber("seconds", values.seconds, 300);
const connections = readNumber("connections", values.connections, 256);
const soakMinutes = values.soak === undefined ? 0 : readNumber("soak", values.soak, 60);

const machine = describeMachine();
if (!values.json) console.log(`${Object.values(machine).join(", ")}\n`);
const server = await startServerProcess();
const results: Result[] = [];
try {
  await loadServer(server.url, { connections, seconds: Math.min(3, seconds) }); // warm-up
  if (soakMinutes > 0) report("soak", await soak(server, { connections, minutes: soakMinutes }));
  else await loadAndOverload(server);
} finally {
  await server.stop();
}
if (values.json) {
  const withVerdict = results.map((result) => ({ ...result, met: isMet(result) }));
  console.log(JSON.stringify({ machine, results: withVerdict }, null, 2));
}

async function loadAndOverload({ url, memory }: ServerProcess): Promise<void> {
  const usual = await loadServer(url, { connections, seconds });
  report(`load: ${connections} connections, ${seconds} s`, [
    ...loadResults(usual, { rate: { atLeast: 300 }, p99: { atMost: 60 } }),
    ...memoryResults("memory peak so far", memory()?.peakMb),
  ]);
  const rate = Math.ceil((OVERLOAD * countOf(usual, 200)) / usual.seconds);
  const over = await loadServer(url, { connections: OVERLOAD_CONNECTIONS, seconds, rate });
  report(`overload: ${rate} requests/s wanted, ${OVERLOAD_CONNECTIONS} connections, ${seconds} s`, [
    ...overloadResults(over),
    ...memoryResults("memory peak", memory()?.peakMb, { atMost: 350 }),
  ]);
  await delay(1000);
  const after = await loadServer(url, { connections, seconds });
  report("one second later: the load of before", [
    ...loadResults(after),
    ...memoryResults("memory", memory()?.residentMb),
  ]);
  report(`live: ${LIVE_SESSIONS} sessions of ${LIVE_SECONDS} s, as fast as they go`, [
    ...(await benchLive(url, { sessions: LIVE_SESSIONS, audioSeconds: LIVE_SECONDS })),
    ...memoryResults("memory peak", memory()?.peakMb, { atMost: 350 }),
  ]);
}

function loadResults(
  load: Load,
  targets: { rate?: Result["target"]; p99?: Result["target"] } = {},
): Result[] {
  return [
    { name: "answered", value: countOf(load, 200) / load.seconds, unit: "requests/s", target: targets.rate },
    { name: "time, half of the answers", value: timeOf(load, 200, 0.5), unit: "ms" },
    { name: "time, 99 of 100", value: timeOf(load, 200, 0.99), unit: "ms", target: targets.p99 },
    failureResult(load, [200]),
  ];
}

function overloadResults(load: Load): Result[] {
  const total = [...load.times.values()].reduce((sum, times) => sum + times.length, 0);
  const refused = countOf(load, 503);
  return [
    { name: "asked", value: total / load.seconds, unit: "requests/s" },
    { name: "answered", value: countOf(load, 200) / load.seconds, unit: "requests/s" },
    { name: "refused with 503", value: (100 * refused) / total, unit: "%" },
    { name: "time to refuse, half", value: timeOf(load, 503, 0.5), unit: "ms" },
    { name: "time to refuse, 99 of 100", value: timeOf(load, 503, 0.99), unit: "ms" },
    { name: "time to answer, 99 of 100", value: timeOf(load, 200, 0.99), unit: "ms" },
    failureResult(load, [200, 503]),
  ];
}

function memoryResults(name: string, value: number | undefined, target?: Result["target"]): Result[] {
  return value === undefined ? [] : [{ name, value, unit: "MB", target }];
}

function report(title: string, found: Result[]): void {
  results.push(...found.map((result) => ({ ...result, name: `${title}: ${result.name}` })));
  if (!values.json) console.log(`${title}\n${formatResults(found)}\n`);
}

function readNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  console.error(`bench:server: --${name} must be a number above 0, at most ${max}, got ${text}`);
  process.exit(2);
}
