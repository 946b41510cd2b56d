import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { findActiveSpan, findActiveSpans } from "./active-span.ts";

const RATE = { sampleRate: 8000 };
const random = createRandom(4);

/** Parts of noise, each so many ms long and so many dB below full scale. */
function noise(...parts: [ms: number, levelDb: number][]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([ms, levelDb]) =>
      Array.from({ length: 8 * ms }, () => 10 ** (levelDb / 20) * random.normal()),
    ),
  );
}

const inMs = ({ start, end }: { start: number; end: number }) => [start / 8, end / 8];

describe("findActiveSpan", () => {
  it("finds a word in a quiet and in a noisy recording", () => {
    for (const roomDb of [-100, -70, -45, -35]) {
      const [start, end] = inMs(findActiveSpan(noise([300, roomDb], [400, -15], [300, roomDb]), RATE));
      expect(Math.abs(start! - 300)).toBeLessThanOrEqual(20);
      expect(Math.abs(end! - 700)).toBeLessThanOrEqual(20);
    }
  });

  it("takes a pause within the word, and a weak sound after it, for part of the word", () => {
    const eight = noise([200, -70], [250, -15], [120, -70], [60, -30], [300, -70]);
    const [start, end] = inMs(findActiveSpan(eight, RATE));
    expect(start).toBeCloseTo(200, -1.3);
    expect(Math.abs(end! - 630)).toBeLessThanOrEqual(20);
  });

  it("leaves out what is farther away, and clicks", () => {
    const samples = noise([100, -70], [80, -20], [400, -70], [300, -15], [100, -70], [10, -15], [200, -70]);
    const [start, end] = inMs(findActiveSpan(samples, RATE));
    expect(Math.abs(start! - 580)).toBeLessThanOrEqual(20);
    expect(Math.abs(end! - 880)).toBeLessThanOrEqual(20);
  });

  it("takes all of a clip that was cut close", () => {
    expect(findActiveSpan(noise([350, -20]), RATE)).toEqual({ start: 0, end: 2800 });
  });

  it("goes by time at any rate", () => {
    const high = Float32Array.from({ length: 44_100 }, (_, n) =>
      n > 11_025 && n < 22_050 ? Math.sin(0.2 * n) : 0,
    );
    const { start, end } = findActiveSpan(high, { sampleRate: 44_100 });
    expect(Math.abs(start - 11_025)).toBeLessThanOrEqual(900);
    expect(Math.abs(end - 22_050)).toBeLessThanOrEqual(900);
  });

  it("finds all of digital silence and of one sample, and nothing in no samples", () => {
    expect(findActiveSpan(new Float32Array(800), RATE)).toEqual({ start: 0, end: 800 });
    expect(findActiveSpan(Float32Array.of(0.1), RATE)).toEqual({ start: 0, end: 1 });
    expect(findActiveSpan(new Float32Array(0), RATE)).toEqual({ start: 0, end: 0 });
  });
});

describe("findActiveSpans", () => {
  it("finds each sound, across short pauses and without clicks", () => {
    const samples = noise(
      [300, -70],
      [200, -15],
      [100, -70],
      [200, -20],
      [400, -70],
      [10, -15],
      [300, -70],
      [250, -15],
    );
    const spans = findActiveSpans(samples, RATE).map(inMs);
    expect(spans).toHaveLength(2);
    [300, 800, 1510, 1760].forEach((ms, i) => {
      expect(Math.abs(spans[i >> 1]![i % 2]! - ms)).toBeLessThanOrEqual(20);
    });
  });

  it("finds nothing in no samples", () => {
    expect(findActiveSpans(new Float32Array(0), RATE)).toEqual([]);
  });
});
