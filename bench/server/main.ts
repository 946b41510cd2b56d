// npm run bench:server [-- --seconds N --connections N --cli FILE --brief --against FILE --json]: the service over loopback,
// client and server on the same cores; with --cli that of another build, with --brief without overload and live sessions;
// with --against only the processor time of this build and that one, in turns.

import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.ts";
import { formatResults, isMet, type Result } from "../result.ts";
import { compareServers } from "./compare.ts";
import { benchLive } from "./live.ts";
import { countOf, failureResult, type Load, loadServer, timeOf } from "./load.ts";
import { measureMemory, processorMs } from "./process-memory.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** Times the rate that the server was measured to take. */
const OVERLOAD = 10;

/** Connections under overload: more than the queue and the threads hold together, so that some are refused. */
const OVERLOAD_CONNECTIONS = 256;

/** As many as a server takes of one address unless told otherwise. */
const LIVE_SESSIONS = 16;
const LIVE_SECONDS = 60;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    connections: { type: "string", default: "16" },
    cli: { type: "string" },
    brief: { type: "boolean", default: false },
    against: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const seconds = readNumber("seconds", values.seconds, 300);
const connections = readNumber("connections", values.connections, 256);

const machine = describeMachine();
if (!values.json) console.log(`${Object.values(machine).join(", ")}\n`);
const results: Result[] = [];
if (values.against !== undefined) {
  const compared = await compareServers({ cli: values.cli, against: values.against, connections });
  report(`processor time: ${connections} connections, in turns`, compared);
  printJson();
  process.exit();
}
const server = await startServerProcess({ cli: values.cli });
const memory = measureMemory(server.pid);
report("start", [{ name: "until it takes requests", value: server.startMs, unit: "ms" }]);
await loadServer(server.url, { connections, seconds: Math.min(3, seconds) }); // warm-up
await loadAndOverload(server);
memory.stop();
const exit = await server.stop();
if (exit !== "0") throw new Error(`bench: the server ended with ${exit}`);
printJson();

async function loadAndOverload({ url, pid }: ServerProcess): Promise<void> {
  const usual = await measured(pid, () => loadServer(url, { connections, seconds }));
  report(`load: ${connections} connections, ${seconds} s`, [
    ...loadResults(usual, { rate: { atLeast: 300 }, p99: { atMost: 60 } }),
    cpuResult(usual),
    memoryResult(),
  ]);
  const large = await measured(pid, () => loadServer(url, { connections: 2, seconds, recording: "large" }));
  report(`recordings of 2.6 MB: 2 connections, ${seconds} s`, [
    ...loadResults(large),
    cpuResult(large),
    memoryResult(),
  ]);
  if (values.brief) return;
  const rate = Math.ceil((OVERLOAD * countOf(usual, 200)) / usual.seconds);
  const over = await loadServer(url, { connections: OVERLOAD_CONNECTIONS, seconds, rate });
  report(`overload: ${rate} requests/s wanted, ${OVERLOAD_CONNECTIONS} connections, ${seconds} s`, [
    ...overloadResults(over),
    memoryResult(),
  ]);
  await delay(1000);
  const after = await loadServer(url, { connections, seconds });
  report("one second later: the load of before", loadResults(after));
  report(`live: ${LIVE_SESSIONS} sessions of ${LIVE_SECONDS} s, as fast as they go`, [
    ...(await benchLive(url, { sessions: LIVE_SESSIONS, audioSeconds: LIVE_SECONDS })),
    memoryResult(),
  ]);
}

async function measured(pid: number, run: () => Promise<Load>): Promise<Load & { cpuMs: number }> {
  const before = processorMs(pid);
  const load = await run();
  return { ...load, cpuMs: processorMs(pid) - before };
}

function cpuResult({ cpuMs, times }: Load & { cpuMs: number }): Result {
  const nAnswers = [...times.values()].reduce((sum, { length }) => sum + length, 0);
  return { name: "processor time of all processes, an answer", value: cpuMs / nAnswers, unit: "ms" };
}

function memoryResult(): Result {
  return { name: "memory of all processes (PSS), peak so far", value: memory.peakMb(), unit: "MB" };
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

function report(title: string, found: Result[]): void {
  results.push(...found.map((result) => ({ ...result, name: `${title}: ${result.name}` })));
  if (!values.json) console.log(`${title}\n${formatResults(found)}\n`);
}

function printJson(): void {
  if (!values.json) return;
  const withVerdict = results.map((result) => ({ ...result, met: isMet(result) }));
  console.log(JSON.stringify({ machine, results: withVerdict }, null, 2));
}

function readNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  console.error(`bench:server: --${name} must be a number above 0, at most ${max}, got ${text}`);
  process.exit(2);
}
