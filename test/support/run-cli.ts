// What the tests of the command line run it on: an untrained model, recordings, and files that are none.

import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { architecture } from "../../src/model/architectures.ts";
import { buildModel } from "../../src/model/build-model.ts";
import { buildStepGraph } from "../../src/training/step-graph.ts";
import { initialiseInPlace, toWeights, weightLayout } from "../../src/training/weight-layout.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The built command line. */
export const CLI = join(ROOT, "dist", "cli.js");

/** A recording of the word seven, 8 kHz mono WAV. */
export const SAMPLE = join(ROOT, "fixtures", "samples", "7.wav");

/** What a process came to. */
export type Result = { exitCode: number | null; stdout: string; stderr: string };

/** How {@link runCli} starts the process. */
export type RunOptions = {
  /** Working directory. */
  cwd: string;
  /** Standard input. Default: nothing. */
  input?: Uint8Array;
  /** Environment variables to add. Default: none; the data set of the surroundings is never seen. */
  env?: Record<string, string>;
  /** Part of a shell command that reads the output, for example `head -n 1`. Default: none. */
  pipeTo?: string;
  /** Called with a function that interrupts the process as Ctrl-C does. */
  onStart?: (interrupt: () => void) => void;
};

/**
 * Runs the built command line as a process.
 *
 * @param args What follows the name of the command.
 * @param options See {@link RunOptions}.
 */
export function runCli(args: readonly string[], options: RunOptions): Promise<Result> {
  const { cwd, input, pipeTo, onStart } = options;
  const env = { ...process.env, SPOKEN_DIGITS_DATA: "", ...options.env };
  const command = [process.execPath, CLI, ...args];
  const [file, ...rest] = pipeTo === undefined ? command : ["sh", "-c", `"$@" | ${pipeTo}`, "sh", ...command];
  return new Promise((resolve) => {
    const child = execFile(file!, rest, { cwd, env }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end(input);
    onStart?.(() => child.kill("SIGINT"));
  });
}

/** Builds the command line, where that has not been done since its sources changed. */
export function buildCli(): void {
  execFileSync(process.execPath, [join(ROOT, "scripts", "build.js")]);
}

/**
 * Builds the command line and makes a folder to run it in: `untrained.onnx`, a net as training starts it, which answers
 * anything with some digit; `clips/` with recordings a.wav, b.wav and deeper/c.WAV among other files; `fsdd/`, a data
 * set of eight takes by one speaker; `text.wav`, which is no audio; `empty/`.
 *
 * @returns The path of the folder, for the caller to remove.
 */
export function makeCliFolder(): string {
  buildCli();
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-cli-"));
  for (const name of ["clips/deeper", "fsdd/recordings", "empty"])
    mkdirSync(join(folder, name), { recursive: true });
  const takes = Array.from({ length: 8 }, (_, take) => `fsdd/recordings/7_ann_${take}.wav`);
  for (const name of ["clips/b.wav", "clips/deeper/c.WAV", "clips/a.wav", "clips/.hidden.wav", ...takes]) {
    cpSync(SAMPLE, join(folder, name));
  }
  writeFileSync(join(folder, "clips", "notes.txt"), "no audio");
  writeFileSync(join(folder, "text.wav"), "this is no audio at all");
  writeFileSync(join(folder, "untrained.onnx"), untrainedModel());
  return folder;
}

function untrainedModel(): Uint8Array {
  const step = buildStepGraph(architecture("compact"), { batchSize: 1, warpFactors: [1] });
  const layout = weightLayout(step);
  const weights = new Float32Array(layout.size);
  initialiseInPlace(weights, { step, layout, seed: 1 });
  return buildModel(toWeights(weights, layout), {
    architecture: "compact",
    threshold: 0,
    trainingData: "nothing yet",
    training: {},
    accuracy: { "fsdd-official": 0.125 },
  });
}
