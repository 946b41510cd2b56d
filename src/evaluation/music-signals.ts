// Music on hold, synthesised: what callers hear who wait. Keys, chords and tempo are none that training draws, and the
// electric piano does not train.

import { composeMusic, type MusicStyle } from "../audio/music/compose-music.ts";
import { createRandom } from "../random.ts";

const SAMPLE_RATE = 8000;
const SEED = 771;

const STYLES: Readonly<Record<string, MusicStyle>> = {
  chords: {
    rootHz: 130.8,
    isMinor: false,
    chords: [0, 4, 5, 3],
    beatsPerMinute: 76,
    layers: [{ instrument: "piano", playing: "struck", octave: 1, gain: 1 }],
    drums: 0,
  },
  "plucked arpeggio": {
    rootHz: 98,
    isMinor: true,
    chords: [0, 5, 2, 6],
    beatsPerMinute: 92,
    layers: [{ instrument: "plucked", playing: "arpeggio", octave: 1, gain: 1 }],
    drums: 0,
  },
  strings: {
    rootHz: 87.3,
    isMinor: false,
    chords: [0, 1, 4, 0],
    beatsPerMinute: 66,
    layers: [
      { instrument: "strings", playing: "held", octave: 1, gain: 0.8 },
      { instrument: "strings", playing: "melody", octave: 2, gain: 0.6 },
    ],
    drums: 0,
  },
  "organ and flute": {
    rootHz: 110,
    isMinor: false,
    chords: [0, 3, 4, 0],
    beatsPerMinute: 84,
    layers: [
      { instrument: "organ", playing: "held", octave: 1, gain: 0.5 },
      { instrument: "flute", playing: "melody", octave: 2, gain: 0.9 },
    ],
    drums: 0,
  },
  jingle: {
    rootHz: 116.5,
    isMinor: false,
    chords: [0, 3, 0, 4],
    beatsPerMinute: 138,
    layers: [{ instrument: "bell", playing: "melody", octave: 2, gain: 1 }],
    drums: 0,
  },
  "music box": {
    rootHz: 123.5,
    isMinor: false,
    chords: [0, 5, 3, 4],
    beatsPerMinute: 112,
    layers: [{ instrument: "music box", playing: "arpeggio", octave: 2, gain: 1 }],
    drums: 0,
  },
  "electric piano": {
    rootHz: 103.8,
    isMinor: true,
    chords: [1, 4, 0, 0],
    beatsPerMinute: 88,
    layers: [
      { instrument: "electric piano", playing: "struck", octave: 1, gain: 0.7 },
      { instrument: "electric piano", playing: "melody", octave: 2, gain: 0.7 },
    ],
    drums: 0,
  },
  band: {
    rootHz: 82.4,
    isMinor: false,
    chords: [0, 4, 5, 3],
    beatsPerMinute: 118,
    layers: [
      { instrument: "bass", playing: "bass", octave: 1, gain: 0.9 },
      { instrument: "electric piano", playing: "struck", octave: 1, gain: 0.4 },
      { instrument: "piano", playing: "melody", octave: 2, gain: 0.7 },
    ],
    drums: 0.8,
  },
  drums: { rootHz: 100, isMinor: false, chords: [0], beatsPerMinute: 104, layers: [], drums: 1 },
};

/** Names of the music that {@link musicSignal} makes. */
export const MUSIC_NAMES: readonly string[] = Object.keys(STYLES);

/**
 * Plays music on hold, 6 dB below full scale at its peaks.
 *
 * @param name One of {@link MUSIC_NAMES}.
 * @param seconds How long.
 * @returns Mono, 8 kHz; the beginning of a longer one is not the same.
 */
export function musicSignal(name: string, seconds: number): Float32Array {
  const random = createRandom(SEED, MUSIC_NAMES.indexOf(name));
  return composeMusic(STYLES[name]!, { length: SAMPLE_RATE * seconds, random });
}
