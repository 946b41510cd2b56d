import { expect, test } from "vitest";
import { createRealFft } from "../../audio/fft.ts";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { createChannelFilter, drawEqualiserInto, EQUALISER_POINTS } from "./channel-filter.ts";
import { createRooms, ROOM_FFT_SIZE } from "./room-responses.ts";

const settings = { ...DEFAULT_AUGMENTATION, roomCount: 2 };
const [room] = createRooms({ seed: 1, settings });

function noise(length: number): Float32Array {
  const random = createRandom(length);
  return Float32Array.from({ length }, () => random.normal());
}

function filtered(
  word: Float32Array,
  options: Parameters<ReturnType<typeof createChannelFilter>["addFiltered"]>[1],
) {
  const out = new Float32Array(8192);
  createChannelFilter().addFiltered(word, options, out);
  return out;
}

function expectClose(got: Float32Array, expected: Float32Array, tolerance: number) {
  const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  expect(worst).toBeLessThan(tolerance);
}

test.each([1, 700, 3500, 8192])(
  "without equaliser and with a dry room %i samples stay as they are",
  (length) => {
    const word = noise(length);
    const expected = new Float32Array(8192);
    expected.set(word);
    expectClose(filtered(word, { start: 0 }), expected, 1e-5);
    expectClose(filtered(word, { start: 0, room, wet: 0 }), expected, 1e-5);
  },
);

test("a word may begin anywhere, and what lies outside of the window is cut off", () => {
  const word = noise(1000);
  const early = filtered(word, { start: -300 });
  expectClose(early.slice(0, 700), word.slice(300), 1e-5);
  const late = filtered(word, { start: 8000 });
  expectClose(late.slice(8000), word.slice(0, 192), 1e-5);
});

test("a room is the convolution with 1 + wet * its response, in transforms of any size", () => {
  const response = new Float32Array(ROOM_FFT_SIZE);
  createRealFft(ROOM_FFT_SIZE).inverseInto(room!.spectrum, response);
  for (const clicks of [
    [0, 90],
    [0, 5000],
  ]) {
    const word = new Float32Array(clicks[1]! + 1);
    const expected = new Float32Array(8192);
    for (const at of clicks) {
      word[at] = 1;
      expected[at]! += 1;
      for (let i = at; i < 8192; i++) expected[i]! += 0.4 * response[i - at]!;
    }
    expectClose(filtered(word, { start: 0, room, wet: 0.4 }), expected, 1e-5);
  }
});

test.each([500, 1000, 2250, 3000])("an equaliser changes a tone of %i Hz by its gain there", (hz) => {
  const gains = new Float32Array(EQUALISER_POINTS);
  drawEqualiserInto(gains, { settings, random: createRandom(hz) });
  const word = Float32Array.from({ length: 6000 }, (_, i) => Math.sin((2 * Math.PI * hz * i) / 8000));
  const out = filtered(word, { start: 0, gains });
  const level = (samples: Float32Array) =>
    10 * Math.log10(samples.subarray(1000, 5000).reduce((sum, x) => sum + x * x, 0));
  expect(level(out) - level(word)).toBeCloseTo(20 * Math.log10(gains[hz / 31.25]!), 1);
});

test("an equaliser rings no further than it says", () => {
  const gains = new Float32Array(EQUALISER_POINTS);
  for (let seed = 0; seed < 20; seed++) {
    drawEqualiserInto(gains, { settings, random: createRandom(seed) });
    const out = filtered(Float32Array.of(1), { start: 4000, gains });
    const total = out.reduce((sum, x) => sum + x * x, 0);
    const near = out.subarray(3872, 4129).reduce((sum, x) => sum + x * x, 0);
    expect(1 - near / total).toBeLessThan(3e-3);
  }
});

test("what came before leaves no trace", () => {
  const filter = createChannelFilter();
  filter.addFiltered(noise(8192), { start: 0, room, wet: 1 }, new Float32Array(8192));
  const out = new Float32Array(8192);
  filter.addFiltered(noise(400), { start: 10, room, wet: 1 }, out);
  expect(out).toEqual(filtered(noise(400), { start: 10, room, wet: 1 }));
});
