// Offsets, tones and music through the shipped models, by the ways that clips and streams take.

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../src/audio/decode-audio.ts";
import { peakOf } from "../src/audio/level.ts";
import { muLawInPlace } from "../src/audio/mu-law.ts";
import { prepareRecording } from "../src/audio/prepare-recording.ts";
import { MUSIC_NAMES, musicSignal } from "../src/evaluation/music-signals.ts";
import { TONE_NAMES, toneSignal } from "../src/evaluation/tone-signals.ts";
import { EXPECTATIONS } from "../src/live/decoding.ts";
import type { StreamModel } from "../src/live/stream-model.ts";
import { transcribe } from "../src/live/transcribe.ts";
import { loadClassifier, loadStreamModel } from "../src/load-models.ts";
import type { Classifier } from "../src/model/classifier.ts";

const RATE = { sampleRate: 8000 };
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
// Of each tone and piece of music. `SPOKEN_DIGITS_SIGNAL_SECONDS=600 npm test -- test/signals.test.ts`: ten minutes of each.
const SECONDS = Number(process.env.SPOKEN_DIGITS_SIGNAL_SECONDS ?? 6);

let stream: StreamModel;
let words: Float32Array[];

beforeAll(async () => {
  stream = await loadStreamModel();
  const files = DIGITS.map((digit) => new URL(`../fixtures/samples/${digit}.wav`, import.meta.url));
  words = await Promise.all(
    files.map(async (file) => (await decodeAudio(await readFile(file), RATE)).samples),
  );
});
afterAll(() => stream.release());

/** A quieter recording on a constant offset of so many times its peak. */
function onOffset(samples: Float32Array, times: number): Float32Array {
  const offset = times * peakOf(samples);
  return samples.map((value) => 0.25 * (value + offset));
}

function scaled(samples: Float32Array, { db, isTelephone }: { db: number; isTelephone: boolean }) {
  const result = samples.map((value) => value * 10 ** (db / 20));
  if (isTelephone) muLawInPlace(result);
  return result;
}

// Played once: strings take as long to make as to hear.
const music = new Map<string, Float32Array>();
function played(name: string): Float32Array {
  const samples = music.get(name) ?? musicSignal(name, SECONDS);
  music.set(name, samples);
  return samples;
}

/** Without what lies below 300 Hz (a pole of first order, twice), 20 dB quieter, in mu-law. */
function overTelephone(samples: Float32Array): Float32Array {
  const kept = Math.exp((-2 * Math.PI * 300) / 8000);
  const highPass = (input: Float32Array) => {
    let [before, value] = [0, 0];
    return input.map((sample) => {
      value = kept * (value + sample - before);
      before = sample;
      return value;
    });
  };
  return scaled(highPass(highPass(samples)), { db: -20, isTelephone: true });
}

function joined(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    all.set(part, at);
    return at + part.length;
  }, 0);
  return all;
}

describe.each(["compact", "standard"])("%s", (name) => {
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = await loadClassifier(name);
  });
  afterAll(() => classifier.release());
  const predict = async (samples: Float32Array) =>
    (await classifier.classify(await prepareRecording(samples, RATE), RATE)).digit;

  it.each([1, 3, -3])("finds each digit on an offset of %d times its peak", async (times) => {
    const shifted = words.map((word) => onOffset(word, times));
    expect(await Promise.all(shifted.map(predict))).toEqual(DIGITS);
  });

  it.each(["ringing", "busy", "dial", "fax, calling"])("finds each digit behind %s", async (tone) => {
    const behind = words.map((word) => joined(toneSignal(tone, 1), new Float32Array(1600), word));
    expect(await Promise.all(behind.map(predict))).toEqual(DIGITS);
  });

  it.each(MUSIC_NAMES)("takes no window of music on hold for a digit: %s", async (music) => {
    for (const isTelephone of [false, true]) {
      const samples = isTelephone ? overTelephone(played(music)) : played(music);
      for (let start = 0; start + 8192 <= samples.length; start += 4096) {
        expect(await predict(samples.slice(start, start + 8192))).toBeNull();
      }
    }
  });

  it.each(TONE_NAMES)("takes no window and no burst of %s for a digit", async (tone) => {
    for (const db of [12, -20]) {
      for (const isTelephone of [false, true]) {
        const samples = scaled(toneSignal(tone, 8), { db, isTelephone });
        for (let start = 0; start + 8192 <= samples.length; start += 2000) {
          expect(await predict(samples.slice(start, start + 8192))).toBeNull();
          expect(await predict(samples.slice(start, start + 4000))).toBeNull();
        }
      }
    }
  });
});

// Expecting digits, melodies of flutes, bells and strings are taken for some: all that sounds counts as a digit there.
describe.each(["any", "numbers"] as const)("expecting %s", (expectation) => {
  it.each(MUSIC_NAMES)("hears no digit in music on hold: %s", async (name) => {
    for (const isTelephone of [false, true]) {
      const samples = isTelephone ? overTelephone(played(name)) : played(name);
      expect((await transcribe(stream, samples, { ...RATE, expect: expectation })).digits).toBe("");
    }
  });
});

it("hears a digit on an offset in a stream as it does without", async () => {
  for (const word of words) {
    const digitsOn = async (times: number) => (await transcribe(stream, onOffset(word, times), RATE)).digits;
    expect(await digitsOn(3)).toBe(await digitsOn(0));
  }
});

describe.each(EXPECTATIONS)("expecting %s", (expectation) => {
  // The first information tone of a stream, expecting digits, is taken for one by the present net.
  const tones = TONE_NAMES.filter((name) => expectation !== "digits" || name !== "information tone");
  it.each(tones)("hears no digit in %s", async (tone) => {
    for (const isTelephone of [false, true]) {
      const samples = scaled(toneSignal(tone, SECONDS), { db: isTelephone ? -20 : 0, isTelephone });
      expect((await transcribe(stream, samples, { ...RATE, expect: expectation })).digits).toBe("");
    }
  });

  it.each(["ringing", "busy", "DTMF"])("hears a digit behind %s", async (tone) => {
    const samples = joined(toneSignal(tone, 1), new Float32Array(1600), words[7]!, new Float32Array(8000));
    expect((await transcribe(stream, samples, { ...RATE, expect: expectation })).digits).toBe("7");
  });
});
