// npm run bench:attacks [-- --cli FILE --seconds N --only KIND --answer-timeout-ms N --json]: what others see of a server
// that is under attack, and how it ends in the middle of it. Both are on this machine; the server is started with its default
// settings, the page, and a port for health alone.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatTable } from "../../src/evaluation/text-table.ts";
import { describeMachine } from "../machine.ts";
import { quantile } from "../measure.ts";
import { ROOT } from "../sample-clips.ts";
import { askUntil, classifyAttempt, type Experience, getAttempt, liveAttempt } from "./good-client.ts";
import { measureMemory } from "./process-memory.ts";
import { startServerProcess } from "./server-process.ts";

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

/** Time in which an attack has to be under way, in ms. */
const MAX_START_MS = 20_000;

const { values } = parseArgs({
  options: {
    cli: { type: "string", default: `${ROOT}dist/cli.js` },
    seconds: { type: "string", default: "15" },
    only: { type: "string" },
    "answer-timeout-ms": { type: "string", default: "10000" },
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
  "health max",
  "own port",
  "memory MB",
  "in fifths",
  "exit",
  "attackers' answers",
];
const rows: string[][] = [];
if (!values.json) console.log(`${Object.values(describeMachine()).join(", ")}\n`);
for (const kind of KINDS.filter((name) => values.only === undefined || name === values.only)) {
  const found = await measure(kind);
  rows.push(...found);
  if (!values.json) for (const row of found) console.error(row.join(" | "));
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
  const args = [
    "--site",
    `${ROOT}dist/site`,
    "--health-port",
    "0",
    "--answer-timeout-ms",
    values["answer-timeout-ms"],
  ];
  const server = await startServerProcess({ cli: values.cli, args });
  const attacker = kind === "none" ? undefined : await startAttacker(kind, server.url);
  const memory = measureMemory(server.pid);
  const signal = AbortSignal.timeout(1000 * seconds);
  const [classified, live, health, ownHealth] = await Promise.all([
    askUntil(classifyAttempt(server.url), signal),
    askUntil(liveAttempt(server.url), signal),
    askUntil(getAttempt(`${server.url}healthz`), signal),
    askUntil(getAttempt(`${server.healthUrl}healthz`), signal),
  ]);
  const { samples, peakMb } = memory.stop();
  const exit = server.exit() ?? (await server.stop());
  if (exit !== "0") console.error(server.log.slice(-3).join("\n"));
  const common = [
    ...figuresOf(health, [1]),
    ...figuresOf(ownHealth, [1]),
    peakMb.toFixed(0),
    fifthsOf(samples),
    exit,
  ];
  return [
    [
      kind,
      "recordings",
      ...figuresOf(classified),
      String(classified.refusals),
      ...common,
      (await attacker?.stop()) ?? "",
    ],
    ["", "live", ...figuresOf(live), String(live.refusals), "", "", "", "", "", ""],
  ];
}

function fifthsOf(samples: readonly number[]): string {
  const length = Math.floor(samples.length / 5);
  return Array.from({ length: 5 }, (_, i) =>
    quantile(samples.slice(i * length, (i + 1) * length), 0.5).toFixed(0),
  ).join(" ");
}

function figuresOf({ times }: Experience, shares: readonly number[] = [0.5, 0.99, 1]): string[] {
  return shares.map((share) => {
    const ms = quantile(times, share);
    return Number.isFinite(ms) ? ms.toFixed(0) : "never";
  });
}

/** Settles when all its connections have been open, or a server has refused them for a while. */
async function startAttacker(kind: string, url: string) {
  const script = fileURLToPath(new URL("./attackers.ts", import.meta.url));
  const args = ["--import", "tsx", script, kind, url];
  const attacker = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const output: string[] = [];
  const lines = createInterface(attacker.stdout).on("line", (line) => output.push(line));
  const closed = once(lines, "close");
  await Promise.race([once(lines, "line"), delay(MAX_START_MS)]);
  await delay(1000);
  return {
    /** @returns What it was answered, by status. */
    async stop(): Promise<string> {
      attacker.kill("SIGTERM");
      await closed;
      return (output.at(-1) ?? "").replace("ready", "");
    },
  };
}
