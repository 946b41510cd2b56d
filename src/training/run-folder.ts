// The folder of a training run: one training at a time works in it, and nothing in it is lost by a forgotten flag.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { FileError, TrainingRunError } from "../errors.ts";
import { removeTemporaries } from "../write-whole.ts";

/** What is to become of a run that is there. */
export type RunFolderOptions = {
  /** Go on from it. Default: no. */
  resume?: boolean;
  /** Begin anew in its place. Default: no. */
  overwrite?: boolean;
};

/** Files that would be lost if a run began anew over them. */
const KEPT_FILES = ["checkpoint.onnx", "model.onnx", "report.json"];

/** Holds who works in the folder. */
const LOCK_FILE = "training.lock";

/** Locks of this process: its number says nothing of whether another training of it works in a folder. */
const ownLocks = new Set<string>();

/**
 * Looks whether a run may begin in a folder, before anything is read.
 *
 * @param folder May be missing.
 * @param options See {@link RunFolderOptions}.
 * @throws {TrainingRunError} `run-exists`: it holds a run, which is neither to go on nor to be written over.
 */
export function checkRunFolder(
  folder: string,
  { resume = false, overwrite = false }: RunFolderOptions,
): void {
  const kept = resume || overwrite ? undefined : KEPT_FILES.find((name) => existsSync(join(folder, name)));
  if (kept === undefined) return;
  throw new TrainingRunError(
    "run-exists",
    `training: ${folder} holds a run (${kept}), which would be lost; go on from it with --resume, ` +
      "write over it with --overwrite, or name another folder with --folder",
  );
}

/**
 * Takes a folder for a run; what killed writes left in it goes.
 *
 * @param folder Made if need be.
 * @param options See {@link RunFolderOptions}.
 * @returns Gives the folder back.
 * @throws {TrainingRunError} `run-exists`: as {@link checkRunFolder}; `run-in-use`: another training works there.
 * @throws {FileError} The folder cannot be written to.
 */
export async function openRunFolder(folder: string, options: RunFolderOptions): Promise<() => void> {
  const path = resolve(folder, LOCK_FILE);
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new FileError(`training: cannot make ${folder}: ${cause.message}`, { cause });
  });
  await takeLock(path);
  const release = () => {
    if (ownLocks.delete(path)) rmSync(path, { force: true });
    process.off("exit", release);
  };
  process.once("exit", release);
  try {
    checkRunFolder(folder, options);
    await removeTemporaries(folder);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

type Owner = { pid: number; host: string };

async function takeLock(path: string): Promise<void> {
  const owner: Owner = { pid: process.pid, host: hostname() };
  for (;;) {
    try {
      await writeFile(path, `${JSON.stringify(owner)}\n`, { flag: "wx" });
      ownLocks.add(path);
      return;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code !== "EEXIST") throw new FileError(`training: cannot write ${path}: ${message}`, { cause });
    }
    checkStale(path);
    await rm(path, { force: true });
  }
}

/** @throws {TrainingRunError} `run-in-use`: whoever made the lock may still be at work. */
function checkStale(path: string): void {
  const owner = readOwner(path);
  const isStale = owner?.host === hostname() && !ownLocks.has(path) && !isAlive(owner.pid);
  if (isStale) return;
  const who = owner ? `process ${owner.pid} on ${owner.host}` : "another process";
  throw new TrainingRunError(
    "run-in-use",
    `training: ${who} is at work in the folder; wait, or name another with --folder ` +
      `(if none is, delete ${path})`,
  );
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    // Gone in the meantime, or being written.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  // A container's processes have the same numbers each time: whoever had ours is gone.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
