import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { decodeAudio } from "../../audio/decode-audio.ts";
import { encodeWav } from "../../audio/encode-wav.ts";
import { readManifest } from "../../evaluation/manifest.ts";
import type { SpokenDigit } from "../engine/utterance.ts";
import type { HistoryEntry } from "./history.ts";
import { zipLabelled } from "./zip-labelled.ts";

const RATE = 8000;

it("makes a list that the evaluation reads, of the labelled digits alone, each with its own sound", async () => {
  const number = entry([
    { startMs: 200, endMs: 500 },
    { startMs: 1000, endMs: 1300, label: 5 },
    { startMs: 1500, endMs: 1800, label: "none" },
  ]);
  const files = await unzipped([entry([{ startMs: 0, endMs: 2000, label: 7 }]), entry([{}]), number]);
  const folder = mkdtempSync(join(tmpdir(), "labelled-test-"));
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const recordings = await readManifest(join(folder, "list.tsv"));
  rmSync(folder, { recursive: true });
  expect(recordings.map(({ label }) => label)).toEqual([5, "none", 7]);
  const paths = Object.keys(files).filter((path) => path.endsWith(".wav"));
  const clips = await Promise.all(paths.map((path) => decodeAudio(files[path]!)));
  const durations = clips.map(({ samples }) => samples.length / RATE);
  expect(durations).toEqual([0.46, 0.46, 2]);
  // The ramp says where each was cut out.
  expect(clips[0]!.samples[0]).toBeCloseTo(0.92 / 2, 3);
});

async function unzipped(entries: HistoryEntry[]): Promise<Record<string, Uint8Array>> {
  return unzipSync(new Uint8Array(await (await zipLabelled(entries)).arrayBuffer()));
}

/** Two seconds whose samples rise from 0 to 1. */
function entry(digits: Partial<SpokenDigit>[]): HistoryEntry {
  const samples = Float32Array.from({ length: 2 * RATE }, (_, i) => i / (2 * RATE));
  const wav = new Blob([encodeWav(samples, { sampleRate: RATE }) as Uint8Array<ArrayBuffer>]);
  const places = digits.map((place) => ({
    digit: 3,
    startMs: 0,
    endMs: 2000,
    confidence: 0.9,
    rivals: [],
    ...place,
  }));
  const utterance = {
    digits: places,
    alternatives: [],
    none: null,
    prediction: null,
    ms: 1,
    provisional: false,
  };
  return { id: 1, name: "a", origin: "file", time: new Date(0), utterance, wav };
}
