import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { createRandom } from "../random.ts";
import { type Dataset, type Role, recordingsOf } from "./dataset.ts";
import { readCorpora } from "./read-corpora.ts";
import type { Recording } from "./recording.ts";
import { speakerPart } from "./speech-commands-split.ts";

const SPEAKERS = Array.from({ length: 60 }, (_, i) => `speaker${i}`);
const WORDS = ["one", "two", "bed", "cat"];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-corpora-"));
  for (const [w, word] of WORDS.entries()) {
    for (const [i, speaker] of SPEAKERS.entries())
      await write(`sc/${word}/${speaker}_nohash_0.wav`, tone(SPEAKERS.length * w + i));
  }
  await write("sc/_background_noise_/running_tap.wav", tone(1));
  await write("sc/_background_noise_/pink_noise.wav", tone(2));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, samples: Float32Array): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, encodeWav(samples, { sampleRate: 8000 }));
}

/** A tone of its own that swells, so that it is neither silent, steady nor a copy. */
function tone(seed: number): Float32Array {
  const random = createRandom(seed);
  const step = random.uniform(0.1, 1);
  return Float32Array.from({ length: 4000 }, (_, i) => (i / 4000) * 0.5 * Math.sin(step * i));
}

/** What a recording is called, of one role. */
const namesOf = (datasets: readonly Dataset[], role: Role) =>
  recordingsOf(datasets, role).map(({ path }) => basename(path));
const all = (datasets: readonly Dataset[]) => [
  ...recordingsOf(datasets, "digits"),
  ...recordingsOf(datasets, "negatives"),
];
const speakersOf = (recordings: readonly Recording[]) => new Set(recordings.map(({ speaker }) => speaker));

test("no speaker that trains is watched, and the words held out are in no training list", async () => {
  const corpora = await readCorpora({ "speech-commands": join(folder, "sc") });
  const trained = speakersOf(all(corpora.training));
  const watched = speakersOf(all(corpora.validation));
  expect(trained.size).toBeGreaterThan(30);
  expect(watched.size).toBeGreaterThan(2);
  for (const speaker of watched) expect(trained.has(speaker)).toBe(false);
  for (const speaker of trained) expect(speakerPart(speaker)).toBe("training");
  expect(new Set(recordingsOf(corpora.training, "negatives").map(({ word }) => word))).toEqual(
    new Set(["bed"]),
  );
  expect(all(corpora.test)).toHaveLength(SPEAKERS.length);
});

test("noise is parted by recording", async () => {
  const { training, validation } = await readCorpora({ "speech-commands": join(folder, "sc") });
  expect(recordingsOf(training, "noise").map(({ speaker }) => speaker)).toEqual(["pink_noise"]);
  expect(recordingsOf(validation, "noise").map(({ speaker }) => speaker)).toEqual(["running_tap"]);
});

test("broken recordings are left out of training, counted, and stay among those that judge", async () => {
  const silent = new Float32Array(4000);
  const [trains, watches] = ["training", "validation"].map(
    (part) => SPEAKERS.find((speaker) => speakerPart(speaker) === part)!,
  );
  await write(`sc/one/${trains}_nohash_1.wav`, silent);
  await write(`sc/one/${watches}_nohash_1.wav`, silent);
  const { training, validation, dropped } = await readCorpora({ "speech-commands": join(folder, "sc") });
  expect(dropped["near-silent"]).toBe(1);
  expect(recordingsOf(training, "digits").filter(({ take }) => take === 1)).toEqual([]);
  expect(recordingsOf(validation, "digits").filter(({ take }) => take === 1)).toHaveLength(1);
});

test("the prompts of one voice are a list of their own", async () => {
  await write("os/asterisk/please-hold.wav", tone(1001));
  await write("os/keywords/hey-0001.wav", tone(1002));
  await writeFile(
    join(folder, "os/words.tsv"),
    "file\twords\nasterisk/please-hold.wav\t\nkeywords/hey-0001.wav\they\n",
  );
  const { training, validation } = await readCorpora({
    "speech-commands": join(folder, "sc"),
    "other-speech": join(folder, "os"),
  });
  expect(namesOf(training, "prompts")).toEqual(["please-hold.wav"]);
  const others = [...namesOf(training, "negatives"), ...namesOf(validation, "negatives")];
  expect(others).toContain("hey-0001.wav");
  expect(others).not.toContain("please-hold.wav");
});

test("voices are a list of their own, cleaned, and only where a folder of them is named", async () => {
  await write("voices/anna/nein.wav", tone(1003));
  await write("voices/anna/leise.wav", new Float32Array(4000));
  const folders = { "speech-commands": join(folder, "sc") };
  const { training } = await readCorpora({ ...folders, voices: join(folder, "voices") });
  expect(namesOf(training, "voices")).toEqual(["nein.wav"]);
  expect(recordingsOf(training, "negatives").map(({ corpus }) => corpus)).not.toContain("voices");
  expect(recordingsOf((await readCorpora(folders)).training, "voices")).toEqual([]);
});
