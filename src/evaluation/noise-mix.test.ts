import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { addNoise } from "./noise-mix.ts";

const sine = (length: number, amplitude = 0.5) =>
  Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * 440 * i) / 8000));

const noise = (length: number, seed = 1) => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => 0.1 * random.normal());
};

const powerOf = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;

describe("addNoise", () => {
  const added = (snrDb: number, source: Float32Array, clip = sine(8000)) => {
    const mixed = addNoise(clip, { noise: source, snrDb, random: createRandom(3) });
    return mixed.map((value, i) => value - clip[i]!);
  };

  it.each([20, 10, 5, 0, -5])("adds noise of the power that %d dB asks for", (snrDb) => {
    const measured = 10 * Math.log10(0.125 / powerOf(added(snrDb, noise(40000))));
    expect(measured).toBeCloseTo(snrDb, 3);
  });

  it("goes by the word, not by the silence around it", () => {
    const clip = new Float32Array(16000);
    clip.set(sine(4000), 6000);
    // Frames that the word fills only in part make the active part a little weaker than the tone.
    const measured = 10 * Math.log10(0.125 / powerOf(added(10, noise(16000), clip)));
    expect(Math.abs(measured - 10)).toBeLessThan(0.3);
  });

  it("cuts from a longer noise and repeats a shorter one", () => {
    const ramp = Float32Array.from({ length: 20000 }, (_, i) => 1 + i / 20000);
    const stretch = added(0, ramp);
    const steps = stretch.slice(1).map((value, i) => value - stretch[i]!);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(1e-6);
    const repeated = added(0, noise(500));
    expect(repeated[700]).toBeCloseTo(repeated[200]!, 5);
  });

  it("finds the bark in a recording that is mostly silence", () => {
    const bark = new Float32Array(80000);
    bark.set(noise(8000), 36000);
    for (let seed = 0; seed < 20; seed++) {
      const mixed = addNoise(sine(8000), { noise: bark, snrDb: 0, random: createRandom(seed) });
      const clip = sine(8000);
      const power = powerOf(mixed.map((value, i) => value - clip[i]!));
      expect(power === 0 || Math.abs(power - 0.125) < 1e-3).toBe(true);
    }
  });

  it("leaves silence silent, and a clip alone when the noise is silence", () => {
    const options = { snrDb: 0, random: createRandom(1) };
    expect(addNoise(new Float32Array(100), { noise: noise(100), ...options })).toEqual(new Float32Array(100));
    expect(addNoise(sine(100), { noise: new Float32Array(7), ...options })).toEqual(sine(100));
  });

  it("gives the same for the same stream and leaves its input alone", () => {
    const clip = sine(1000);
    const mix = (seed: number) =>
      addNoise(clip, { noise: noise(9000), snrDb: 5, random: createRandom(seed) });
    expect(mix(1)).toEqual(mix(1));
    expect(mix(1)).not.toEqual(mix(2));
    expect(clip).toEqual(sine(1000));
  });
});
