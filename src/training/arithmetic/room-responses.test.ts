import { expect, test } from "vitest";
import { createRealFft } from "../../audio/fft.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createRooms, LONGEST_RESPONSE, ROOM_FFT_SIZE, type RoomResponse } from "./room-responses.ts";

const make = (settings: Partial<AugmentationSettings>, seed = 1) =>
  createRooms({ seed, settings: { ...DEFAULT_AUGMENTATION, roomCount: 6, ...settings } });

function samplesOf({ spectrum }: RoomResponse): Float32Array {
  const samples = new Float32Array(ROOM_FFT_SIZE);
  createRealFft(ROOM_FFT_SIZE).inverseInto(spectrum, samples);
  return samples;
}

const energy = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0);

test("energy is 1 and falls by 60 dB in the time that is set", () => {
  const rooms = make({ reverbTimeMs: [500, 500] });
  const decays = rooms.map((room) => {
    const samples = samplesOf(room);
    expect(room.length).toBe(4000);
    expect(energy(samples)).toBeCloseTo(1, 3);
    // From the first to the third quarter second's worth of the decay: half of the time, so 30 dB.
    return 10 * Math.log10(energy(samples.subarray(100, 1100)) / energy(samples.subarray(2100, 3100)));
  });
  const mean = decays.reduce((sum, db) => sum + db, 0) / decays.length;
  expect(Math.abs(mean - 30)).toBeLessThan(1.5);
});

test("nothing comes before the first reflection, nothing after the end", () => {
  for (const room of make({})) {
    const samples = samplesOf(room);
    expect(energy(samples.subarray(0, 16))).toBeLessThan(1e-9);
    expect(energy(samples.subarray(room.length))).toBeLessThan(1e-9);
  }
});

test("as many rooms as set, all within the times set, the longest cut to fit", () => {
  const rooms = make({ roomCount: 20 });
  expect(rooms.length).toBe(20);
  for (const { length } of rooms) {
    expect(length).toBeGreaterThanOrEqual(640);
    expect(length).toBeLessThanOrEqual(4800);
  }
  expect(make({ reverbTimeMs: [1000, 1000] })[0]!.length).toBe(LONGEST_RESPONSE);
  expect(make({ reverbTimeMs: [1, 1] })[0]!.spectrum.every(Number.isFinite)).toBe(true);
});

test("the same seed gives the same rooms, another seed others", () => {
  expect(make({}, 5)).toEqual(make({}, 5));
  expect(make({}, 6)[0]!.spectrum).not.toEqual(make({}, 5)[0]!.spectrum);
});
