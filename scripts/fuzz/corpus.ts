import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

// What the fixtures do not have; made where ffmpeg is installed.
const MORE: Record<string, readonly string[]> = {
  "alac.m4a": ["-c:a", "alac"],
  "alac.caf": ["-c:a", "alac"],
  "pcm.caf": ["-c:a", "pcm_s16be"],
  "adpcm.caf": ["-c:a", "adpcm_ima_qt"],
  "mulaw.au": ["-c:a", "pcm_mulaw"],
  "pcm.w64": ["-c:a", "pcm_s16le"],
  "mp3.wav": ["-c:a", "libmp3lame", "-ar", "16000"],
  "pcm.mov": ["-c:a", "pcm_s16le"],
  "flac.mp4": ["-c:a", "flac", "-strict", "-2"],
  "opus.mp4": ["-c:a", "libopus", "-strict", "-2"],
  "vorbis.mka": ["-c:a", "libvorbis"],
  "flac.mka": ["-c:a", "flac"],
  "aac.mkv": ["-c:a", "aac"],
  "mp3.mka": ["-c:a", "libmp3lame"],
  "pcm.mka": ["-c:a", "pcm_s16le"],
  "flac.ogg": ["-c:a", "flac", "-f", "ogg"],
  "layer-2.mp2": ["-c:a", "mp2", "-ar", "44100"],
  "surround.opus": ["-c:a", "libopus", "-ac", "6"],
};

/**
 * Small valid files of every format: the fixtures, what was found earlier, and what ffmpeg makes on the spot.
 *
 * @returns Their bytes, in the order of their names.
 */
export function fuzzCorpus(): Uint8Array[] {
  return [...folder("fixtures/audio"), ...folder("fixtures/fuzz"), ...madeByFfmpeg()];
}

function folder(path: string): Uint8Array[] {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  const names = readdirSync(full).filter((name) => !name.endsWith(".md"));
  return names.sort().map((name) => new Uint8Array(readFileSync(join(full, name))));
}

function madeByFfmpeg(): Uint8Array[] {
  const target = mkdtempSync(join(tmpdir(), "spoken-digits-fuzz-"));
  try {
    return Object.entries(MORE).flatMap(([name, options]) => {
      const input = join(ROOT, "fixtures/samples/8.wav");
      const output = join(target, name);
      const bitexact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"];
      spawnSync("ffmpeg", ["-loglevel", "error", "-y", "-i", input, ...bitexact, ...options, output]);
      return existsSync(output) ? [new Uint8Array(readFileSync(output))] : [];
    });
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}
