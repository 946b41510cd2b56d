import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { dataPart } from "../corpus/data-part.ts";
import { type FluentTestMaterial, readFluentTestMaterial } from "./fluent-material.ts";

let folder: string;
let material: FluentTestMaterial;
const SPEAKERS = Array.from({ length: 60 }, (_, i) => `speaker${i}`);
const TESTED = SPEAKERS.filter((speaker) => dataPart(speaker) === "test");

/** A second of a tone, of its own pitch for each recording. */
const tone = (hz: number) =>
  Float32Array.from({ length: 8000 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * hz * n) / 8000));

async function write(name: string, hz: number): Promise<void> {
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), encodeWav(tone(hz), { sampleRate: 8000 }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fluent-material-"));
  const timed = ["file\tspeaker\tstart_ms\tend_ms\tword"];
  const plain = ["file\tspeaker\twords"];
  for (const [i, speaker] of SPEAKERS.entries()) {
    for (const [name, words] of [
      ["alone", ["oh", "two"]],
      ["among", ["enter", "six", "nine"]],
      ["one", ["enter", "six"]],
      ["neither", ["enter", "rubout"]],
    ] as const) {
      await write(`connected/an4/${name}${i}.wav`, 300 + i);
      words.forEach((word, at) => {
        timed.push(`an4/${name}${i}.wav\t${speaker}\t${400 * at}\t${400 * at + 300}\t${word}`);
      });
    }
    for (const corpus of ["speechocean762", "wuw2", "spelled-names", "wake-words"]) {
      await write(`speech/${corpus}/${i}.wav`, 1000 + i);
      plain.push(`${corpus}/${i}.wav\t${speaker}\thello there`);
    }
  }
  await writeFile(join(folder, "connected/words.tsv"), timed.join("\n"));
  await writeFile(join(folder, "speech/words.tsv"), plain.join("\n"));
  const folders = { connected: join(folder, "connected"), speech: join(folder, "speech") };
  material = await readFluentTestMaterial(folders, "test");
});
afterAll(() => rm(folder, { recursive: true }));

describe("readFluentTestMaterial", () => {
  it("holds the speakers of one part alone", () => {
    const sets = [...Object.values(material.numbers), ...Object.values(material.negatives)];
    for (const set of sets) expect(set.map(({ speaker }) => speaker)).toEqual(TESTED);
  });

  it("parts numbers alone from those among other words, and leaves out what holds none", () => {
    const digitsOf = (set: keyof typeof material.numbers) =>
      material.numbers[set].map(({ digits }) => digits);
    expect(new Set(digitsOf("digits alone"))).toEqual(new Set(["02"]));
    expect(new Set(digitsOf("among words"))).toEqual(new Set(["69"]));
    expect(new Set(digitsOf("one among words"))).toEqual(new Set(["6"]));
    expect(digitsOf("in sentences")).toEqual(digitsOf("digits alone"));
  });

  it("puts a number between two sentences, whole and at their level", () => {
    const [spliced] = material.numbers["in sentences"];
    expect(spliced!.samples.length).toBeGreaterThan(3 * 8000 + 2 * 800 - 2);
    expect(spliced!.samples.length).toBeLessThan(3 * 8000 + 2 * 2400 + 2);
    expect(spliced!.samples.every((value) => Math.abs(value) <= 1)).toBe(true);
  });

  it("needs both folders", async () => {
    await expect(readFluentTestMaterial({ connected: "x" }, "dev")).rejects.toMatchObject({
      code: "corpus-missing",
    });
  });
});
