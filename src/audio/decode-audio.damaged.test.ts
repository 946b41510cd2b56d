import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test, vi } from "vitest";
import { AudioFormatError } from "../errors.ts";
import { createRandom, type Random } from "../random.ts";
import { type AudioClip, decodeAudio } from "./decode-audio.ts";

const FOLDER = new URL("../../fixtures/audio/", import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((name) => !name.endsWith(".md"))
  .sort();
const CONTENTS = FILES.map((name) => new Uint8Array(readFileSync(new URL(name, FOLDER))));

const ROUNDS = 100; // of every file
const N_RANDOM = 600;

beforeAll(() => {
  // mpg123 reports each bad frame on the console.
  for (const method of ["error", "warn", "log"] as const)
    vi.spyOn(console, method).mockReturnValue(undefined);
});

test("thousands of damaged files end in an AudioFormatError or in finite samples", {
  timeout: 300_000,
}, async () => {
  const before = process.memoryUsage().rss;
  const outcomes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, content] of CONTENTS.entries()) {
      const random = createRandom(1, round, index);
      const outcome = await outcomeOf(damage(content, random), `${FILES[index]}, round ${round}`);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  for (const expected of [
    "decoded",
    "audio-truncated",
    "audio-damaged",
    "audio-unsupported",
    "audio-no-samples",
  ]) {
    expect(outcomes.get(expected) ?? 0, expected).toBeGreaterThan(10);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
});

test("random bytes, behind the first bytes of each format, do too", { timeout: 300_000 }, async () => {
  for (let i = 0; i < N_RANDOM; i++) {
    const random = createRandom(2, i);
    const content = CONTENTS[i % CONTENTS.length]!;
    const nKept = random.chance(0.2) ? 0 : random.integer(1, 64);
    const bytes = Uint8Array.from({ length: random.integer(1, 20_000) }, () => random.integer(0, 256));
    bytes.set(content.subarray(0, Math.min(nKept, bytes.length)));
    await outcomeOf(bytes, `random file ${i}`);
  }
});

test("whole files decode as before, after all that", async () => {
  for (const [index, content] of CONTENTS.entries()) {
    if (FILES[index] === "ima-adpcm.wav") continue;
    expect((await decodeAudio(content)).samples.length, FILES[index]).toBeGreaterThan(5000);
  }
});

async function outcomeOf(bytes: Uint8Array, label: string): Promise<string> {
  let clip: AudioClip;
  try {
    clip = await decodeAudio(bytes);
  } catch (error) {
    if (error instanceof AudioFormatError) return error.code;
    throw new Error(`${label}: ${error}`, { cause: error });
  }
  if (
    clip.samples.length === 0 ||
    !clip.samples.every(Number.isFinite) ||
    !Number.isInteger(clip.sampleRate)
  ) {
    throw new Error(`${label}: ${clip.samples.length} samples at ${clip.sampleRate} Hz`);
  }
  return "decoded";
}

const DAMAGES = [flipBits, cut, splice, setHeaderWords, replaceTail, remove, setBytes];

function damage(content: Uint8Array, random: Random): Uint8Array {
  return DAMAGES[random.integer(0, DAMAGES.length)]!(content.slice(), random);
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  for (let n = random.integer(1, 30); n > 0; n--)
    bytes[random.integer(0, bytes.length)]! ^= 1 << random.integer(0, 8);
  return bytes;
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.subarray(0, random.integer(1, bytes.length));
}

// The beginning of one file, the end of another.
function splice(bytes: Uint8Array, random: Random): Uint8Array {
  const other = CONTENTS[random.integer(0, CONTENTS.length)]!;
  return Uint8Array.from([
    ...bytes.subarray(0, random.integer(1, bytes.length)),
    ...other.subarray(random.integer(0, other.length)),
  ]);
}

const EXTREMES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x00ff_ffff, 0x1000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

function setHeaderWords(bytes: Uint8Array, random: Random): Uint8Array {
  const view = new DataView(bytes.buffer);
  for (let n = random.integer(1, 4); n > 0; n--) {
    const offset = random.integer(0, random.chance(0.7) ? 200 : bytes.length - 4);
    view.setUint32(offset, EXTREMES[random.integer(0, EXTREMES.length)]!, random.chance(0.5));
  }
  return bytes;
}

function replaceTail(bytes: Uint8Array, random: Random): Uint8Array {
  for (let i = random.integer(4, 300); i < bytes.length; i++) bytes[i] = random.integer(0, 256);
  return bytes;
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random.integer(1, bytes.length);
  const end = random.integer(start, bytes.length);
  return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
}

function setBytes(bytes: Uint8Array, random: Random): Uint8Array {
  for (let n = random.integer(1, 4); n > 0; n--) {
    bytes[random.integer(0, random.chance(0.7) ? 200 : bytes.length)] = random.integer(0, 256);
  }
  return bytes;
}
