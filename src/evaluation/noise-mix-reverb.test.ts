import { describe, expect, it } from "vitest";
import { energyOf } from "../audio/level.ts";
import { createRandom } from "../random.ts";
import { addReverb } from "./noise-mix.ts";

function click(length: number): Float32Array {
  const samples = new Float32Array(length);
  samples[0] = 1;
  return samples;
}

describe("addReverb", () => {
  it("keeps the direct sound and nothing before it", () => {
    const samples = new Float32Array(4000);
    samples[1000] = 0.5;
    const wet = addReverb(samples, { reverbTimeMs: 300, random: createRandom(1) });
    expect(wet[1000]).toBeCloseTo(0.5, 6);
    for (let i = 0; i < 1016; i++) if (i !== 1000) expect(wet[i]).toBeCloseTo(0, 6);
    expect(energyOf(wet.subarray(1016))).toBeGreaterThan(0.1);
  });

  it.each([200, 600])("falls by 60 dB in %d ms", (reverbTimeMs) => {
    const wet = addReverb(click(16000), { reverbTimeMs, random: createRandom(1) });
    // Over the first half of the time it falls by 30 dB, measured in windows of a tenth.
    const length = (reverbTimeMs / 1000) * 8000;
    const levelAt = (share: number) =>
      10 * Math.log10(energyOf(wet.subarray(share * length + 20, (share + 0.1) * length + 20)));
    expect(Math.abs(levelAt(0) - levelAt(0.5) - 30)).toBeLessThan(3);
  });

  it("has as much reverberation as direct sound", () => {
    const wet = addReverb(click(8000), { reverbTimeMs: 200, random: createRandom(1) });
    expect(10 * Math.log10(energyOf(wet.subarray(1)))).toBeCloseTo(0, 3);
  });

  it("agrees with a convolution summed up directly", () => {
    const random = createRandom(9);
    const samples = Float32Array.from({ length: 700 }, () => random.normal());
    const options = { reverbTimeMs: 50, random: createRandom(1) };
    const response = addReverb(click(700), { ...options, random: createRandom(1) });
    const wet = addReverb(samples, options);
    for (const n of [0, 1, 100, 699]) {
      let sum = 0;
      for (let k = 0; k <= n; k++) sum += response[k]! * samples[n - k]!;
      expect(wet[n]).toBeCloseTo(sum, 4);
    }
  });

  it("gives nothing for no samples and silence for silence", () => {
    const options = { reverbTimeMs: 100, random: createRandom(1) };
    expect(addReverb(new Float32Array(0), options)).toHaveLength(0);
    expect(energyOf(addReverb(new Float32Array(1), options))).toBe(0);
  });
});
