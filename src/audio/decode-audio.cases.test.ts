// Files that were answered wrongly, or brought a program down, in the folder beside SPOKEN_DIGITS_DATA.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadClassifier } from "../load-models.ts";
import { classifyBytes } from "../recordings/recordings.ts";
import { decodeAudio } from "./decode-audio.ts";

const DATA = process.env.SPOKEN_DIGITS_DATA;
const CASES = join(DATA ?? "", "../cases");

describe.skipIf(!DATA)("odd recordings of SPOKEN_DIGITS_DATA/../cases", () => {
  const rows = DATA ? readFileSync(join(CASES, "cases.tsv"), "utf8").trim().split("\n").slice(1) : [];
  const digits = rows.map((row) => row.split("\t")).filter(([, , answer]) => /^\d$/.test(answer ?? ""));

  test.each(digits)("%s: %s says %s", async (name, _, answer) => {
    const classifier = await loadClassifier();
    const bytes = readFileSync(join(CASES, name!));
    expect((await classifyBytes(classifier, bytes)).digit).toBe(Number(answer));
  });

  test("an Opus head of version 0 is an error with a code", async () => {
    const bytes = readFileSync(join(CASES, "4__opus_version0.opus"));
    await expect(decodeAudio(bytes)).rejects.toMatchObject({ code: "audio-unsupported" });
  });

  test("what the header of a WAV file promises and is not there is noted", async () => {
    const { note } = await decodeAudio(readFileSync(join(CASES, "7__w_data_plus44.wav")));
    expect(note).toMatch(/promises 13166 bytes.*13122 are there/);
  });
});

describe.skipIf(!DATA)("hostile files of SPOKEN_DIGITS_DATA/../cases", () => {
  const names = DATA ? readdirSync(join(CASES, "hostile")).filter((name) => !name.endsWith(".md")) : [];

  test.each(names)("%s ends in an error with a code, or in sound", async (name) => {
    const before = process.resourceUsage().maxRSS;
    const outcome = await decodeAudio(readFileSync(join(CASES, "hostile", name))).then(
      ({ samples }) => samples.length,
      (error: { code?: string }) => error.code,
    );
    expect(outcome).toSatisfy((value) => typeof value === "number" || /^audio-/.test(String(value)));
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(300);
  });
});
