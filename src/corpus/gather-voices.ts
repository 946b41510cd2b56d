// Gathers speech without an English digit by many voices, for `train --voices FOLDER`, out of packages of Debian. Nothing is
// installed.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { VOICE_PACKAGES, type VoicePackage, voiceOf } from "./voice-packages.ts";
import { makeWholeFolder } from "./whole-folder.ts";

// Of a voice with more, those whose paths' SHA-1 sorts first: no voice is learnt as one that says no digit.
const MOST_OF_A_VOICE = 120;

const runFile = promisify(execFile);

/** Settings of {@link gatherVoices}. */
export type GatherVoicesOptions = {
  /** The voices that no training has, to try models on, instead of those that train. Default: false. */
  heldOut?: boolean;
  /** Called with the line of the credits for each package that something was taken of. */
  onPackage?: (credit: string) => void;
  /** Ends the work and leaves nothing; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Makes a folder of voices, for `readVoices`: a folder for each, and `CREDITS.txt` with the packages' versions and licences.
 * Needs apt-get and dpkg-deb, as root or not.
 *
 * @param folder Is not there yet.
 * @param options See {@link GatherVoicesOptions}.
 * @throws {InvalidArgumentError} The folder is there.
 * @throws {CorpusError} `corpus-download`: a package cannot be had, or there is no apt-get; nothing is left behind.
 */
export async function gatherVoices(folder: string, options: GatherVoicesOptions = {}): Promise<void> {
  const { signal, onPackage } = options;
  await makeWholeFolder(folder, { signal, reasonOf }, async (empty, work) => {
    const credits: string[] = [];
    for (const source of VOICE_PACKAGES) {
      const credit = await gather(source, work, options);
      if (credit === undefined) continue;
      credits.push(credit);
      onPackage?.(credit);
    }
    await writeFile(join(empty, "CREDITS.txt"), `${credits.join("\n")}\n`);
  });
}

function reasonOf(cause: unknown): string {
  const { code, message, path } = cause as NodeJS.ErrnoException;
  const isMissing = code === "ENOENT" && (path === "apt-get" || path === "dpkg-deb");
  return isMissing ? `there is no ${path} here: this needs Debian, Ubuntu or the like` : message.trim();
}

/** Copies a package's voices. @returns The line of the credits; undefined where nothing was taken. */
async function gather(
  source: VoicePackage,
  work: string,
  { heldOut = false, signal }: GatherVoicesOptions,
): Promise<string | undefined> {
  const { name, licence } = source;
  const unpacked = join(work, name);
  const version = await unpack(name, work, signal);
  const byVoice = await voicesIn(source, unpacked, heldOut);
  let count = 0;
  for (const [voice, paths] of byVoice) {
    await mkdir(join(work, "voices", voice), { recursive: true });
    const chosen = paths.sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1)).slice(0, MOST_OF_A_VOICE);
    for (const path of chosen) {
      await copyFile(join(unpacked, path), join(work, "voices", voice, fileName(path)));
    }
    count += chosen.length;
  }
  await rm(unpacked, { recursive: true });
  if (count === 0) return undefined;
  const voices = byVoice.size === 1 ? "voice" : "voices";
  return `${name} ${version}: ${count} recordings of ${byVoice.size} ${voices}, ${licence}`;
}

/** @returns The package's version. */
async function unpack(name: string, work: string, signal?: AbortSignal): Promise<string> {
  const downloads = join(work, "download");
  await mkdir(downloads, { recursive: true });
  await runFile("apt-get", ["download", "-qq", name], { cwd: downloads, signal });
  const [file] = await readdir(downloads);
  const path = join(downloads, file!);
  await runFile("dpkg-deb", ["-x", path, join(work, name)], { signal });
  const { stdout } = await runFile("dpkg-deb", ["-f", path, "Version"], { signal });
  await rm(downloads, { recursive: true });
  return stdout.trim();
}

async function voicesIn(
  source: VoicePackage,
  unpacked: string,
  heldOut: boolean,
): Promise<Map<string, string[]>> {
  const voices = new Map<string, string[]>();
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = `/${relative(unpacked, join(entry.parentPath, entry.name))}`;
    const found = entry.isFile() ? voiceOf(source, path) : undefined;
    if (found?.heldOut !== heldOut) continue;
    voices.set(found.voice, [...(voices.get(found.voice) ?? []), path]);
  }
  return voices;
}

/** Unlike those of all other recordings of the voice. */
const fileName = (path: string) => `${hashOf(path).slice(0, 8)}-${basename(path)}`;

const hashOf = (text: string) => createHash("sha1").update(text).digest("hex");
