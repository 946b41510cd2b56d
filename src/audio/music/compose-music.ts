// Music as played to callers who wait: chords of a key one after another, by layers of instruments that play them in
// different ways, with drums or without.

import type { Random } from "../../random.ts";
import { peakOf } from "../level.ts";
import { DRUMS, INSTRUMENTS, type InstrumentName, type Note } from "./instruments.ts";

/** How a layer plays the chord of a bar. */
export type Playing = "held" | "struck" | "arpeggio" | "melody" | "bass";

/** One instrument's part. */
export type MusicLayer = {
  instrument: InstrumentName;
  playing: Playing;
  /** Octaves above the key's root. */
  octave: number;
  gain: number;
};

/** What is played. */
export type MusicStyle = {
  /** Frequency of the key's root, 40..500 Hz. */
  rootHz: number;
  isMinor: boolean;
  /** Steps of the scale that the chords of the bars stand on, 0 the root's. */
  chords: readonly number[];
  beatsPerMinute: number;
  layers: readonly MusicLayer[];
  /** Gain of the drums; 0: none. */
  drums: number;
};

const SAMPLE_RATE = 8000;
const BEATS = 4;
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 10];
const PEAK = 0.5;
/** A melody moves by so many steps of the scale at most, stays within two octaves, and rests this often. */
const LONGEST_STEP = 3;
const MELODY_RANGE = 14;
const REST_SHARE = 0.15;

/**
 * Plays music.
 *
 * @param style What is played; its chords come again and again.
 * @param options.length Samples.
 * @param options.random Draws the notes of melodies and arpeggios, and the noise of strings and drums.
 * @returns [length], mono, 8 kHz, of peak 0.5.
 */
export function composeMusic(
  style: MusicStyle,
  { length, random }: { length: number; random: Random },
): Float32Array {
  const samples = new Float32Array(length);
  const beat = Math.round((60 * SAMPLE_RATE) / style.beatsPerMinute);
  for (let bar = 0; bar * BEATS * beat < length; bar++) {
    const place = { start: bar * BEATS * beat, beat, chord: style.chords[bar % style.chords.length]! };
    for (const layer of style.layers) {
      for (const note of notesOf(layer, { style, place, random })) {
        INSTRUMENTS[layer.instrument](samples, note, random);
      }
    }
    if (style.drums > 0) addDrumsInPlace(samples, { ...place, gain: style.drums, random });
  }
  return toPeakInPlace(samples);
}

type Place = { start: number; beat: number; chord: number };

function notesOf(
  { playing, octave, gain }: MusicLayer,
  { style, place: { start, beat, chord }, random }: { style: MusicStyle; place: Place; random: Random },
): Note[] {
  const note = (step: number, at: number, beats: number): Note => ({
    hz: frequencyOf(style, step, octave),
    start: start + Math.round(at * beat),
    length: Math.round(0.92 * beats * beat),
    gain,
  });
  const triad = [chord, chord + 2, chord + 4];
  switch (playing) {
    case "held":
      return triad.map((step) => note(step, 0, BEATS));
    case "struck":
      return [0, 1, 2, 3].flatMap((at) => triad.map((step) => note(step, at, 1)));
    case "bass":
      return [note(chord - 7, 0, 2), note(chord - 7 + (random.chance(0.5) ? 4 : 0), 2, 2)];
    case "arpeggio": {
      const steps = random.chance(0.5) ? [0, 2, 4, 7, 4, 2, 4, 2] : [0, 4, 2, 4, 7, 4, 2, 4];
      return steps.map((step, i) => note(chord + step, i / 2, 0.5));
    }
    case "melody":
      return melodyOf(chord, random).map(({ step, at, beats }) => note(step, at, beats));
  }
}

function melodyOf(chord: number, random: Random): { step: number; at: number; beats: number }[] {
  const notes: { step: number; at: number; beats: number }[] = [];
  let step = chord + 2 * random.integer(0, 3);
  for (let at = 0; at < BEATS; ) {
    const beats = Math.min([0.5, 1, 1, 2][random.integer(0, 4)]!, BEATS - at);
    if (!random.chance(REST_SHARE)) notes.push({ step, at, beats });
    step += random.integer(-LONGEST_STEP, LONGEST_STEP + 1);
    step = Math.min(MELODY_RANGE, Math.max(0, step));
    at += beats;
  }
  return notes;
}

function frequencyOf({ rootHz, isMinor }: MusicStyle, step: number, octave: number): number {
  const scale = isMinor ? MINOR : MAJOR;
  const octaves = Math.floor(step / scale.length);
  return rootHz * 2 ** (octave + octaves + scale[step - octaves * scale.length]! / 12);
}

function addDrumsInPlace(
  samples: Float32Array,
  { start, beat, gain, random }: Place & { gain: number; random: Random },
): void {
  const hit = (at: number, level: number): Note => ({
    hz: 0,
    start: start + Math.round(at * beat),
    length: 0,
    gain: gain * level,
  });
  for (let half = 0; half < 2 * BEATS; half++) DRUMS.hat(samples, hit(half / 2, 0.5), random);
  for (const at of [0, 2]) DRUMS.kick(samples, hit(at, 1), random);
  for (const at of [1, 3]) DRUMS.snare(samples, hit(at, 0.8), random);
}

function toPeakInPlace(samples: Float32Array): Float32Array {
  const peak = peakOf(samples);
  if (peak > 0) for (let n = 0; n < samples.length; n++) samples[n]! *= PEAK / peak;
  return samples;
}
