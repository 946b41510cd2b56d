// npm run voices -- FOLDER [--held-out]: gathers speech without an English digit by many voices, for `train --voices FOLDER`,
// out of packages of Debian. Needs apt-get and dpkg-deb, as root or not; nothing is installed. A folder for each voice, and
// CREDITS.txt with the packages' versions and licences. --held-out: the voices that no training hears, to try models on.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { VOICE_PACKAGES, type VoicePackage, voiceOf } from "./voice-packages.ts";

// Of a voice with more, those whose paths' SHA-1 sorts first: no voice is learnt as one that says no digit.
const MOST_OF_A_VOICE = 120;

const run = promisify(execFile);

const { values, positionals } = parseArgs({
  options: { "held-out": { type: "boolean", default: false } },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined || positionals.length > 1) fail("name one folder: npm run voices -- FOLDER");
const target = resolve(folder);
if (await stat(target).catch(() => undefined)) fail(`${folder} is there already; name another folder`);
await mkdir(dirname(target), { recursive: true });
const work = await mkdtemp(`${target}.part-`);
process.once("SIGINT", () => {
  rmSync(work, { recursive: true, force: true });
  process.exit(130);
});
try {
  const credits = [];
  for (const source of VOICE_PACKAGES) credits.push(await gather(source));
  const taken = credits.filter((line) => line !== "");
  await writeFile(join(work, "voices", "CREDITS.txt"), `${taken.join("\n")}\n`);
  await rename(join(work, "voices"), target);
  await rm(work, { recursive: true });
} catch (error) {
  await rm(work, { recursive: true, force: true });
  const { code, message, path } = error as NodeJS.ErrnoException;
  const isMissing = code === "ENOENT" && (path === "apt-get" || path === "dpkg-deb");
  fail(isMissing ? `there is no ${path} here: this needs Debian, Ubuntu or the like` : message.trim());
}

/** Copies a package's voices. @returns The line of the credits; empty where nothing was taken. */
async function gather(source: VoicePackage): Promise<string> {
  const { name, licence } = source;
  const unpacked = join(work, name);
  const version = await unpack(name, unpacked);
  const byVoice = await voicesIn(source, unpacked);
  let count = 0;
  for (const [voice, paths] of byVoice) {
    await mkdir(join(work, "voices", voice), { recursive: true });
    const chosen = paths.sort(byHash).slice(0, MOST_OF_A_VOICE);
    for (const path of chosen) {
      await copyFile(join(unpacked, path), join(work, "voices", voice, fileName(path)));
    }
    count += chosen.length;
  }
  await rm(unpacked, { recursive: true });
  if (count === 0) return "";
  const credit = `${name} ${version}: ${count} recordings of ${byVoice.size} ${byVoice.size === 1 ? "voice" : "voices"}, ${licence}`;
  console.log(credit);
  return credit;
}

/** @returns The package's version. */
async function unpack(name: string, into: string): Promise<string> {
  const downloads = join(work, "download");
  await mkdir(downloads, { recursive: true });
  await run("apt-get", ["download", "-qq", name], { cwd: downloads });
  const [file] = await readdir(downloads);
  const path = join(downloads, file!);
  await run("dpkg-deb", ["-x", path, into]);
  const { stdout } = await run("dpkg-deb", ["-f", path, "Version"]);
  await rm(downloads, { recursive: true });
  return stdout.trim();
}

async function voicesIn(source: VoicePackage, unpacked: string): Promise<Map<string, string[]>> {
  const voices = new Map<string, string[]>();
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = `/${relative(unpacked, join(entry.parentPath, entry.name))}`;
    const found = entry.isFile() ? voiceOf(source, path) : undefined;
    if (!found || found.heldOut !== values["held-out"]) continue;
    voices.set(found.voice, [...(voices.get(found.voice) ?? []), path]);
  }
  return voices;
}

/** Unlike those of all other recordings of the voice. */
function fileName(path: string): string {
  return `${hashOf(path).slice(0, 8)}-${basename(path)}`;
}

function byHash(a: string, b: string): number {
  return hashOf(a) < hashOf(b) ? -1 : 1;
}

function hashOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
