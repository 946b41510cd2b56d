// Music for training, made up: keys, chords, tempo, instruments and what they play are drawn.

import { composeMusic, type MusicLayer, type Playing } from "../../audio/music/compose-music.ts";
import type { InstrumentName } from "../../audio/music/instruments.ts";
import { createRandom, drawLogUniform, type Random } from "../../random.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";

const LENGTH = 32_000;
const ROOT_HZ = [60, 130] as const;
const BEATS_PER_MINUTE = [60, 170] as const;
const MINOR_SHARE = 0.4;
const DRUM_SHARE = 0.4;
const DRUM_GAIN = [0.2, 1] as const;
const MOST_LAYERS = 3;
const MOST_CHORDS = 4;
const SCALE_STEPS = 7;

/** What plays how, and in which octaves. The electric piano is left to those who measure. */
const PARTS: Record<Playing, { instruments: readonly InstrumentName[]; octaves: readonly [number, number] }> =
  {
    held: { instruments: ["strings", "organ", "flute"], octaves: [1, 2] },
    struck: { instruments: ["piano", "organ", "plucked"], octaves: [1, 2] },
    arpeggio: { instruments: ["plucked", "piano", "music box", "bell"], octaves: [1, 3] },
    melody: {
      instruments: ["piano", "flute", "bell", "music box", "organ", "strings", "plucked"],
      octaves: [1, 3],
    },
    bass: { instruments: ["bass", "plucked", "organ"], octaves: [1, 1] },
  };

/**
 * Makes one piece of music.
 *
 * @param options.seed Of the training: the same pieces every time.
 * @param options.index Which.
 * @returns Four seconds, mono, 8 kHz, of peak 0.5.
 */
export function madeUpMusic({ seed, index }: { seed: number; index: number }): Float32Array {
  const random = createRandom(seed, RANDOM_STREAMS.music, index);
  const style = {
    rootHz: drawLogUniform(ROOT_HZ, random),
    isMinor: random.chance(MINOR_SHARE),
    chords: Array.from({ length: MOST_CHORDS }, () => random.integer(0, SCALE_STEPS)),
    beatsPerMinute: drawLogUniform(BEATS_PER_MINUTE, random),
    layers: drawLayers(random),
    drums: random.chance(DRUM_SHARE) ? random.uniform(...DRUM_GAIN) : 0,
  };
  return composeMusic(style, { length: LENGTH, random });
}

function drawLayers(random: Random): MusicLayer[] {
  const playings = random.shuffle(Object.keys(PARTS) as Playing[]);
  return playings.slice(0, random.integer(1, MOST_LAYERS + 1)).map((playing) => {
    const { instruments, octaves } = PARTS[playing];
    return {
      instrument: instruments[random.integer(0, instruments.length)]!,
      playing,
      octave: random.integer(octaves[0], octaves[1] + 1),
      gain: random.uniform(0.3, 1),
    };
  });
}
