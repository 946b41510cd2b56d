import { describe, expect, it } from "vitest";
import { peakOf } from "../audio/level.ts";
import { setPeak, throughMuLaw, throughRate } from "./noise-mix-line.ts";

const sine = (hz: number, amplitude = 0.5, length = 8000) =>
  Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / 8000));

const powerOf = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;

describe("setPeak", () => {
  it.each([-40, -10, 0])("brings the peak to %d dB", (peakDb) => {
    expect(Math.abs(20 * Math.log10(peakOf(setPeak(sine(440, 0.123), { peakDb }))) - peakDb)).toBeLessThan(
      0.05,
    );
  });

  it("rounds to 16 bits", () => {
    for (const value of setPeak(sine(440), { peakDb: -40 }))
      expect(Number.isInteger(value * 32768)).toBe(true);
  });

  it("leaves silence silent", () => {
    expect(setPeak(new Float32Array(10), { peakDb: -10 })).toEqual(new Float32Array(10));
  });
});

describe("throughMuLaw", () => {
  it("keeps full scale and silence", () => {
    expect([...throughMuLaw(Float32Array.of(-2, -1, 0, 1, 2))]).toEqual([-1, -1, 0, 1, 1]);
  });

  it.each([0, -20, -40])(
    "leaves noise some 38 dB below a tone of %d dB, as the law is made for",
    (levelDb) => {
      const tone = sine(440, 10 ** (levelDb / 20));
      const noise = throughMuLaw(tone).map((value, i) => value - tone[i]!);
      const snrDb = 10 * Math.log10(powerOf(tone) / powerOf(noise));
      expect(snrDb).toBeGreaterThan(27);
      expect(snrDb).toBeLessThan(42);
    },
  );

  it("knows 255 values", () => {
    const ramp = Float32Array.from({ length: 100001 }, (_, i) => i / 50000 - 1);
    expect(new Set(throughMuLaw(ramp).map((value) => value + 0)).size).toBe(255);
  });
});

describe("throughRate", () => {
  it("keeps what fits below half of the other rate and loses what does not", () => {
    const through = (hz: number, throughRate_: number) =>
      powerOf(throughRate(sine(hz), { sampleRate: 8000, throughRate: throughRate_ }).subarray(500, 7500));
    expect(through(1000, 6000)).toBeCloseTo(0.125, 3);
    expect(through(3500, 6000)).toBeLessThan(1e-6);
    expect(through(3000, 44100)).toBeCloseTo(0.125, 3);
  });

  it.each([6000, 11025, 16000, 44100])(
    "through %d Hz keeps the number of samples and their place",
    (rate) => {
      const tone = sine(1000, 0.5, 4001);
      const back = throughRate(tone, { sampleRate: 8000, throughRate: rate });
      expect(back).toHaveLength(4001);
      for (let i = 500; i < 3500; i++) expect(Math.abs(back[i]! - tone[i]!)).toBeLessThan(0.01);
    },
  );

  it("rejects a rate out of range", () => {
    expect(() => throughRate(sine(440), { sampleRate: 8000, throughRate: 0 })).toThrow(/targetRate/);
  });
});
