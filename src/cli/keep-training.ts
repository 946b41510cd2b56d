import { existsSync } from "node:fs";
import { join } from "node:path";
import { endOnInterrupt, isInterruption } from "./interruption.ts";

/** What says where a training is and how it goes on. */
export type KeptTraining = {
  /** Folder of the run under way; its checkpoint is there. */
  folder: () => string;
  /** What was typed, without what says how to begin. */
  command: string;
};

/** Flags that say how to begin. */
const BEGINNINGS = ["--resume", "--overwrite"];

/**
 * What was typed, for {@link KeptTraining}.
 *
 * @param program For example `spoken-digits`.
 * @param args What followed it.
 */
export function commandLine(program: string, args: readonly string[]): string {
  const kept = args.filter((arg) => !BEGINNINGS.includes(arg));
  return [program, ...kept.map((arg) => (/^[\w./:=,-]+$/.test(arg) ? arg : `'${arg}'`))].join(" ");
}

/**
 * Runs a training that Ctrl-C or SIGTERM ends after the step under way, with a checkpoint, and says how to go on. A second
 * one ends the process at once.
 *
 * @param work The training; it gets the signal.
 * @param training See {@link KeptTraining}.
 * @returns What the training comes to.
 * @throws What it throws; after an interruption, that.
 */
export async function endTrainingOnInterrupt<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { folder, command }: KeptTraining,
): Promise<Result> {
  const print = (text: string) => process.stderr.write(`${text}\n`);
  const onInterrupt = () => print("\nInterrupted: ends after this step. Once more ends at once.");
  try {
    return await endOnInterrupt(work, { signals: ["SIGINT", "SIGTERM"], onInterrupt });
  } catch (error) {
    const checkpoint = join(folder(), "checkpoint.onnx");
    if (isInterruption(error) && existsSync(checkpoint)) {
      print(`What was trained is in ${checkpoint}. To go on: ${command} --resume`);
    } else if (isInterruption(error)) print("Nothing was trained yet.");
    throw error;
  }
}
