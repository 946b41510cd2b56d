import { describe, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { fromHalf, toHalf } from "./half-precision.ts";

const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
const isNaNBits = (half: number) => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;

describe("half precision", () => {
  // From the tables of IEEE 754: https://en.wikipedia.org/wiki/Half-precision_floating-point_format
  test.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [1 / 3, 0x3555],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [-0, 0x8000],
    [Infinity, 0x7c00],
  ])("%d is the known pattern", (number, half) => {
    expect(toHalf(Float32Array.of(number))[0]).toBe(half);
  });

  test("every number that there is comes back as it was", () => {
    const finite = all.filter((half) => !isNaNBits(half));
    expect(toHalf(fromHalf(finite))).toEqual(finite);
  });

  test("goes to the nearest, and half-way to the even one", () => {
    const random = createRandom(1);
    for (let i = 0; i < 2000; i++) {
      const lower = random.integer(0, 0x7bff);
      const [a, b] = fromHalf(Uint16Array.of(lower, lower + 1)) as unknown as [number, number];
      const middle = (a + b) / 2;
      const nearA = a + 0.49 * (b - a);
      const expected = [lower, lower % 2 === 0 ? lower : lower + 1, lower + 1];
      expect([...toHalf(Float32Array.of(nearA, middle, 2 * middle - nearA))]).toEqual(expected);
    }
  });

  test("what is too large is infinite, what is too small is zero, and NaN stays NaN", () => {
    expect([...fromHalf(toHalf(Float32Array.of(65520, -1e30, 1e-9, Number.NaN)))]).toEqual([
      Infinity,
      -Infinity,
      0,
      Number.NaN,
    ]);
  });
});
