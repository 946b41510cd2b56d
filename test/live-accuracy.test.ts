// The shipped stream model on streams made from speakers that it has never heard. Needs SPOKEN_DIGITS_DATA with all corpora.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { locateCorpora } from "../src/corpus/find-corpus.ts";
import { type HeldOutClips, readHeldOutClips } from "../src/evaluation/clip-stream-material.ts";
import { measureCondition, type StreamCondition, streamsOf } from "../src/evaluation/measure-clip-streams.ts";
import { makeNegativeStream } from "../src/evaluation/negative-streams.ts";
import { listen, quantileOf } from "../src/evaluation/stream-errors.ts";
import type { StreamModel } from "../src/live/stream-model.ts";
import { transcribe } from "../src/live/transcribe.ts";
import { loadStreamModel } from "../src/load-models.ts";

const DATA = process.env.SPOKEN_DIGITS_DATA;
const folders = DATA ? await locateCorpora({ data: DATA }) : {};
const HAS_ALL = ["fsdd", "speech-commands", "esc10", "other-speech"].every(
  (name) => name in folders && folders[name as keyof typeof folders],
);

describe.skipIf(!HAS_ALL)("the shipped stream model", () => {
  let model: StreamModel;
  let material: HeldOutClips;
  beforeAll(async () => {
    [model, material] = await Promise.all([loadStreamModel(), readHeldOutClips(folders)]);
  });
  afterAll(() => model.release());

  // On few streams the share of errors strays, and one speaker has many of them; the bounds leave room for that.
  // `spoken-digits measure streams` has more.
  it.each([
    ["test", "spaced", 0.08],
    ["test", "run together", 0.12],
    ["test", "loud noise", 0.15],
    ["test", "doubled", 0.1],
    ["fsdd", "spaced", 0.05],
    ["fsdd", "run together", 0.08],
  ] as const)(
    "hears the digits of %s, %s, with errors in at most %f of them",
    async (part, condition, atMost) => {
      const errors = await measureCondition(model, material[part], condition, { count: 25, seed: 3 });
      expect(errors.digits).toBeGreaterThan(100);
      expect(errors.digitErrorRate).toBeLessThanOrEqual(atMost);
    },
  );

  it("tells 95 of 100 digits within 350 ms of their end", async () => {
    const { delaysMs } = await measureCondition(model, material.test, "spaced", { count: 25, seed: 4 });
    expect(quantileOf(delaysMs, 0.95)).toBeLessThanOrEqual(350);
  });

  it("hears little in five minutes of recorded noise", async () => {
    let count = 0;
    for (let index = 0; index < 10; index++) {
      const options = { kind: "noise", seconds: 30, seed: 5, index } as const;
      count += (await listen(model, makeNegativeStream(material.test, options))).length;
    }
    expect(count).toBeLessThanOrEqual(10);
  });

  it.each(["spaced", "run together"] satisfies StreamCondition[])(
    "hears the same of %s streams whole and in pieces",
    async (condition) => {
      for (const { samples } of streamsOf(material.test, condition, { count: 3, seed: 6 })) {
        const told = await listen(model, samples);
        const whole = await transcribe(model, samples, { sampleRate: 8000 });
        expect(told).toMatchObject(whole.events);
      }
    },
  );
});
