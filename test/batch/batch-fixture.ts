// Recordings in any number, and commands that can be ended like any process.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CLI, SAMPLE } from "../support/run-cli.ts";

const SAMPLES = dirname(SAMPLE);

/**
 * Fills a folder with recordings of digits. One in a hundred is damaged.
 *
 * @param folder Is made.
 * @param count How many, in folders of a thousand.
 */
export function makeRecordings(folder: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const below = join(folder, String(Math.floor(i / 1000)));
    if (i % 1000 === 0) mkdirSync(below, { recursive: true });
    const path = join(below, `${i}.wav`);
    if (i % 100 === 37) writeFileSync(path, "this is no audio at all");
    else copyFileSync(join(SAMPLES, `${i % 10}.wav`), path);
  }
}

/** A command that runs. */
export type Running = {
  child: ChildProcess;
  stderr: () => string;
  /** Its exit code, or the signal that ended it. */
  exit: Promise<number | NodeJS.Signals | null>;
};

/** Starts the built command line. @param args What follows its name. @param env Added to the environment. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exit = once(child, "exit").then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  return { child, stderr: () => stderr, exit };
}

/** Lines of a file of results that are whole. @param path It need not be there. */
export function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
}

/** Waits until a condition holds. @param condition Looked at often. */
export async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await delay(20);
}
