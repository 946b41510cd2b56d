import { expect, test } from "vitest";
import { NO_AUGMENTATION } from "../../../test/support/no-augmentation.ts";
import { createRandom } from "../../random.ts";
import { createWordChannel } from "./augment-waveform.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createRooms } from "./room-responses.ts";

const word = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i * i * 0.001));

function passed(changes: Partial<AugmentationSettings>, { start = 1000, seed = 1 } = {}): Float32Array {
  const settings = { ...NO_AUGMENTATION, roomCount: 3, ...changes };
  const out = new Float32Array(8192).fill(Number.NaN);
  const channel = createWordChannel({ settings, rooms: createRooms({ seed: 1, settings }) });
  channel.passInto(word, { start, random: createRandom(seed), out });
  return out;
}

function placed(start: number): Float32Array {
  const out = new Float32Array(8192);
  for (let i = 0; i < word.length; i++) if (start + i >= 0) out[start + i] = word[i]!;
  return out;
}

const energy = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0);

test("without equaliser and room the word is copied to its place, cut at the edges", () => {
  expect(passed({})).toEqual(placed(1000));
  expect(passed({}, { start: -500 })).toEqual(placed(-500));
  expect(passed({}, { start: 7000 })).toEqual(placed(7000));
});

test("a flat equaliser and a dry room leave it as it is", () => {
  const flat = {
    equaliserProbability: 1,
    equaliserGainDb: 0,
    lowEdgeHz: [0, 0],
    highEdgeHz: [8000, 8000],
  } as const;
  const dry = { reverbProbability: 1, directToReverbDb: [200, 200] } as const;
  const out = passed({ ...flat, ...dry });
  placed(1000).forEach((expected, i) => {
    expect(Math.abs(out[i]! - expected)).toBeLessThan(1e-4);
  });
});

test("the tail after the word has the energy that is set", () => {
  const tailDb = (ratioDb: number) => {
    const settings = { reverbProbability: 1, directToReverbDb: [ratioDb, ratioDb] } as const;
    return 10 * Math.log10(energy(passed(settings).subarray(3000)) / energy(word));
  };
  expect(tailDb(0) - tailDb(12)).toBeCloseTo(12, 2);
  expect(tailDb(0)).toBeLessThan(0);
  expect(tailDb(0)).toBeGreaterThan(-12);
});

test("equaliser and room come by their probabilities", () => {
  const changed = (settings: Partial<AugmentationSettings>) =>
    Array.from({ length: 60 }, (_, seed) => passed(settings, { seed })).filter(
      (out) => Math.abs(out[1500]! - placed(1000)[1500]!) > 1e-6,
    ).length;
  expect(Math.abs(changed({ equaliserProbability: 0.5 }) - 30)).toBeLessThan(16);
  expect(Math.abs(changed({ reverbProbability: 0.5 }) - 30)).toBeLessThan(16);
});
