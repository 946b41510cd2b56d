import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { composeMusic, type MusicStyle } from "./compose-music.ts";
import { INSTRUMENTS, type InstrumentName } from "./instruments.ts";

const NAMES = Object.keys(INSTRUMENTS) as InstrumentName[];
const SECOND = 8000;

function powerAt(samples: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  samples.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * hz * n) / SECOND);
    im += value * Math.sin((2 * Math.PI * hz * n) / SECOND);
  });
  return (re * re + im * im) / samples.length ** 2;
}

const play = (changes: Partial<MusicStyle>, seed = 1) =>
  composeMusic(
    { rootHz: 110, isMinor: false, chords: [0, 3], beatsPerMinute: 120, layers: [], drums: 0, ...changes },
    { length: 4 * SECOND, random: createRandom(seed) },
  );

describe("composeMusic", () => {
  it.each(NAMES)("plays the major chord of each bar by %s", (instrument) => {
    const music = play({ layers: [{ instrument, playing: "held", octave: 1, gain: 1 }] });
    const [first, second] = [music.subarray(1600, 9600), music.subarray(17_600, 25_600)];
    // A bell's strongest partial lies a minor third above its note.
    const times = instrument === "bell" ? 1.19 : 1;
    for (const hz of [220, 277.2, 329.6]) {
      expect(powerAt(first, times * hz)).toBeGreaterThan(3 * powerAt(first, times * hz * 1.06));
    }
    for (const hz of [293.7, 370, 440]) {
      expect(powerAt(second, times * hz)).toBeGreaterThan(3 * powerAt(second, times * hz * 1.06));
    }
  });

  it("plays the same for the same draws, and another melody for others", () => {
    const layers = [{ instrument: "flute", playing: "melody", octave: 2, gain: 1 }] as const;
    expect(play({ layers })).toEqual(play({ layers }));
    expect(play({ layers }, 2)).not.toEqual(play({ layers }));
  });

  it("plays drums by themselves, on the beats", () => {
    const drums = play({ drums: 1 });
    const powerFrom = (start: number) =>
      drums.subarray(start, start + 400).reduce((sum, value) => sum + value * value, 0);
    expect(powerFrom(0)).toBeGreaterThan(10 * powerFrom(1500));
    expect(powerFrom(4000)).toBeGreaterThan(10 * powerFrom(1500));
  });

  it("reaches half of full scale and no more", () => {
    const music = play({
      drums: 1,
      layers: [{ instrument: "plucked", playing: "arpeggio", octave: 2, gain: 1 }],
    });
    expect(music.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeCloseTo(0.5, 5);
  });
});

it.each(NAMES)("%s is finite and bounded at any pitch", (name) => {
  for (let hz = 30; hz < 8000; hz *= 1.09) {
    const samples = new Float32Array(8000);
    INSTRUMENTS[name](samples, { hz, start: 0, length: 4000, gain: 1 }, createRandom(1, 0));
    expect(
      samples.every((value) => Math.abs(value) < 8),
      `${hz} Hz`,
    ).toBe(true);
  }
});
