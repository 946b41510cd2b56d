// npm run bench:attacks [-- --cli FILE --seconds N --only KIND --json]: what others see of a server that is under attack.
// Both are on this machine; the server is started with its default settings, and the page.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatTable } from "../../src/evaluation/text-table.ts";
import { describeMachine } from "../machine.ts";
import { quantile } from "../measure.ts";
import { ROOT } from "../sample-clips.ts";
import { askUntil, classifyAttempt, type Experience, getAttempt, liveAttempt } from "./good-client.ts";
import { memoryOfTree } from "./process-memory.ts";

const KINDS = [
  "none",
  "two slow uploads",
  "slow uploads",
  "slow headers",
  "non-readers",
  "silent sockets",
  "leavers",
  "pipelining",
  "single files",
  "forms",
];

/** Time after SIGTERM in which the server has to end, in ms; then it is killed. */
const MAX_STOP_MS = 30_000;

/** Time in which an attack has to be under way, in ms. */
const MAX_START_MS = 20_000;

const MEMORY_INTERVAL_MS = 500;

const { values } = parseArgs({
  options: {
    cli: { type: "string", default: `${ROOT}dist/cli.js` },
    seconds: { type: "string", default: "15" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0 && seconds <= 120))
  throw new Error("attacks: --seconds must be a number above 0, at most 120");

const heading = [
  "attack",
  "asked",
  "answered within ms",
  "p99",
  "max",
  "refusals",
  "health p50",
  "max",
  "memory MB",
  "exit",
];
const rows: string[][] = [];
if (!values.json) console.log(`${Object.values(describeMachine()).join(", ")}\n`);
for (const kind of KINDS.filter((name) => values.only === undefined || name === values.only)) {
  rows.push(...(await measure(kind)));
}
if (values.json) console.log(JSON.stringify({ heading, rows }, null, 1));
else
  console.log(
    formatTable(
      [heading, ...rows],
      heading.map((_, i) => (i < 2 ? "left" : "right")),
    ),
  );

async function measure(kind: string): Promise<string[][]> {
  const server = await startServer();
  const attacker = kind === "none" ? undefined : await startAttacker(kind, server.url);
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), 1000 * seconds);
  const [classified, live, health, memory] = await Promise.all([
    askUntil(classifyAttempt(server.url), end.signal),
    askUntil(liveAttempt(server.url), end.signal),
    askUntil(getAttempt(`${server.url}healthz`), end.signal),
    peakMemory(server.child.pid!, end.signal),
  ]);
  clearTimeout(timer);
  const exit = await stop(server.child);
  attacker?.kill("SIGKILL");
  const common = [...figuresOf(health, [0.5, 1]), memory.toFixed(0), exit];
  return [
    [kind, "recordings", ...figuresOf(classified), String(classified.refusals), ...common],
    ["", "live", ...figuresOf(live), String(live.refusals), "", "", "", ""],
  ];
}

function figuresOf({ times }: Experience, shares: readonly number[] = [0.5, 0.99, 1]): string[] {
  return shares.map((share) => {
    const ms = quantile(times, share);
    return Number.isFinite(ms) ? ms.toFixed(0) : "never";
  });
}

async function startServer() {
  const args = [values.cli, "serve", "--port", "0", "--site", `${ROOT}dist/site`, "--log-level", "error"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const piece of child.stdout) {
    text += piece;
    const port = /is at http:\/\/localhost:(\d+)/.exec(text)?.[1];
    if (port === undefined) continue;
    // Reading on, so that the pipe never fills.
    child.stdout.resume();
    return { child, url: `http://127.0.0.1:${port}/` };
  }
  throw new Error(`attacks: the server did not start: ${text}`);
}

/** Settles when all its connections have been open, or a server has refused them for a while. */
async function startAttacker(kind: string, url: string) {
  const script = fileURLToPath(new URL("./attackers.ts", import.meta.url));
  const args = ["--import", "tsx", script, kind, url];
  const attacker = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([once(attacker.stdout, "data"), delay(MAX_START_MS)]);
  await delay(1000);
  return attacker;
}

async function peakMemory(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, memoryOfTree(pid));
    await delay(MEMORY_INTERVAL_MS);
  }
  return peak;
}

/** Ends the server as a load balancer would, with the attack still on. */
async function stop(child: ReturnType<typeof spawn>): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null)
    return `died: ${child.exitCode ?? child.signalCode}`;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), MAX_STOP_MS);
  const [code, signal] = (await exited) as [number | null, string | null];
  clearTimeout(timer);
  return String(code ?? signal);
}
