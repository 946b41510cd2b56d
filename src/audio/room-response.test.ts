import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { energyOf } from "./level.ts";
import { drawRoomResponse } from "./room-response.ts";

test("falls by 60 dB in the reverberation time, whatever the rate", () => {
  for (const sampleRate of [8000, 48000]) {
    const response = drawRoomResponse(sampleRate, {
      reverbTimeMs: 1000,
      random: createRandom(1),
      sampleRate,
    });
    const levelDb = (share: number) =>
      10 * Math.log10(energyOf(response.subarray(share * sampleRate, (share + 0.1) * sampleRate)));
    expect(Math.abs(levelDb(0.1) - levelDb(0.6) - 30)).toBeLessThan(2);
  }
});

test("has an energy of 1 and is silent for the first 2 ms", () => {
  const response = drawRoomResponse(4000, { reverbTimeMs: 400, random: createRandom(1) });
  expect(energyOf(response)).toBeCloseTo(1, 5);
  expect(energyOf(response.subarray(0, 16))).toBe(0);
  expect(response[16]).not.toBe(0);
});

test("is the same room for the same stream", () => {
  const draw = (seed: number) => drawRoomResponse(400, { reverbTimeMs: 50, random: createRandom(seed) });
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});
