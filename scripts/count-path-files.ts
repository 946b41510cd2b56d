// Which files of `src/` four calls pass on their way to the answer and back: those of which a function is called, in any
// process or thread, when the same call was made before. What runs as files are loaded, as a command line is parsed or as a
// server starts is not counted, what timers do meanwhile is. `npm run paths` lists them.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Command } from "commander";
import { WebSocket } from "ws";
import { madeUpClips } from "../test/support/made-up-clips.ts";

/** The calls, and how many files each may pass; to be lowered whenever a way becomes shorter. */
export const PATH_LIMITS = { predict: 22, classify: 29, live: 21, train: 26 } as const;

/** One of the calls. */
export type PathName = keyof typeof PATH_LIMITS;

const SAMPLE = fileURLToPath(new URL("../fixtures/samples/7.wav", import.meta.url));

/** Says which files have been passed since it was called last. */
type Trace = () => Promise<string[]>;

const PATHS: Record<PathName, (trace: Trace) => Promise<string[]>> = {
  predict: tracePredict,
  classify: traceClassify,
  live: traceLive,
  train: traceTrain,
};

async function tracePredict(trace: Trace): Promise<string[]> {
  const { addPredictCommand } = await import("../src/cli/predict.ts");
  const program = new Command();
  addPredictCommand(program);
  const predict = () => program.parseAsync(["predict", "--json", SAMPLE], { from: "user" });
  await predict();
  await trace();
  await predict();
  return trace();
}

async function traceClassify(trace: Trace): Promise<string[]> {
  return withServer(async (port) => {
    const body = await readFile(SAMPLE);
    const classify = async () => {
      const reply = await fetch(`http://127.0.0.1:${port}/api/classify`, { method: "POST", body });
      await reply.json();
    };
    await classify();
    await trace();
    await classify();
    return trace();
  });
}

/** Pieces of a tenth of a second, until a digit is told. */
async function traceLive(trace: Trace): Promise<string[]> {
  const { decodeAudio } = await import("../src/audio/decode-audio.ts");
  const { samples } = await decodeAudio(await readFile(SAMPLE));
  const digit = new Float32Array(12_000);
  digit.set(samples, 800);
  return withServer(async (port) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`);
    const hear = async () => {
      const heard = new Promise<void>((resolve) => {
        socket.on("message", (text) => void (String(text).includes('"digit"') && resolve()));
      });
      for (let at = 0; at < digit.length; at += 800) socket.send(digit.subarray(at, at + 800));
      await heard;
    };
    await once(socket, "open");
    socket.send(JSON.stringify({ sampleRate: 8000, format: "f32le" }));
    await hear();
    await trace();
    await hear();
    const files = await trace();
    socket.close();
    return files;
  });
}

async function withServer(trace: (port: number) => Promise<string[]>): Promise<string[]> {
  const { createServer } = await import("../src/server/create-server.ts");
  const { readSettings } = await import("../src/server/settings.ts");
  const server = await createServer(
    readSettings({ port: "0", site: "none", workers: "1", logLevel: "silent" }),
  );
  try {
    await server.listen({ host: "127.0.0.1", port: 0 });
    return await trace((server.server.address() as AddressInfo).port);
  } finally {
    await server.close();
  }
}

/** The steps between two records. */
async function traceTrain(trace: Trace): Promise<string[]> {
  const { train } = await import("../src/training/trainer.ts");
  const { createRecipe } = await import("../src/training/recipe.ts");
  const recipe = createRecipe("compact", { steps: 7, batchSize: 8, groupSize: 4 });
  let files: string[] = [];
  await train(recipe, {
    train: madeUpClips(2),
    validation: {},
    workers: 2,
    intervals: { record: 2, validation: 100, checkpoint: 100 },
    async onRecord({ step }) {
      if (step === 2) await trace();
      if (step === 6) files = await trace();
    },
  });
  return files;
}

/**
 * The files that a call passes.
 *
 * @param name Which call.
 * @returns Their paths from the root of the checkout, sorted.
 * @throws {Error} The call failed.
 */
export async function filesOfPath(name: PathName): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "paths-"));
  await writeFile(join(folder, "phase"), "");
  const trace = `--import=${new URL("trace-files.js", import.meta.url).href}`;
  const args = [`--import=${import.meta.resolve("tsx")}`, fileURLToPath(import.meta.url), name];
  // Processes that the call is passed on to are children of this one, and so are traced as well.
  const env = { ...process.env, NODE_OPTIONS: trace, TRACE_FOLDER: folder };
  try {
    await promisify(execFile)(process.execPath, args, { env });
    return JSON.parse(await readFile(join(folder, "files.json"), "utf8")) as string[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Checks that the calls pass no more files than they may.
 *
 * @returns One line for each that does, then its files.
 */
export async function findPathFaults(): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, most] of Object.entries(PATH_LIMITS) as [PathName, number][]) {
    const files = await filesOfPath(name);
    if (files.length > most) faults.push(`${name} passes ${files.length} files, at most ${most}:`, ...files);
  }
  return faults;
}

const ANSWER_MS = 2000;
let phase = 0;

/** Asks all processes and threads, and waits until each of them has answered. */
async function traceIn(folder: string): Promise<string[]> {
  phase += 1;
  await writeFile(join(folder, "phase"), String(phase));
  const listsOf = async (which: string | number) =>
    (await readdir(folder)).filter((file) => file.startsWith(`${which}-`));
  // Of those that were there once, some have ended.
  const end = performance.now() + ANSWER_MS;
  while ((await listsOf(phase)).length < (await listsOf("started")).length && performance.now() < end)
    await wait(10);
  const texts = await Promise.all((await listsOf(phase)).map((file) => readFile(join(folder, file), "utf8")));
  return [...new Set(texts.flatMap((text) => JSON.parse(text) as string[]))].sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.env.TRACE_FOLDER;
  const [name] = process.argv.slice(2) as PathName[];
  if (folder && name) {
    const files = await PATHS[name](() => traceIn(folder));
    await writeFile(join(folder, "files.json"), JSON.stringify(files));
    process.exit();
  }
  for (const each of name ? [name] : (Object.keys(PATHS) as PathName[])) {
    const files = await filesOfPath(each);
    console.log(`${each}: ${files.length} files, at most ${PATH_LIMITS[each]}`);
    for (const file of files) console.log(`  ${file}`);
  }
}
