// Instruments of synthesised music, at 8 kHz. Every one adds a note to what is there; none has a partial above BAND_HZ, so
// nothing folds back. The plucked string is that of K. Karplus and A. Strong, "Digital synthesis of plucked-string and drum
// timbres", Computer Music Journal 7 (2), 1983.

import type { Random } from "../../random.ts";

/** A note: its frequency, where it begins and how long it is held in samples, and its peak, about. */
export type Note = { hz: number; start: number; length: number; gain: number };

/** Sounding partials of an instrument and how they come and go. */
type Partials = {
  /** Frequencies as multiples of the note's; gains; each falls to a third in `decayMs` divided by its place. */
  ratios: readonly number[];
  gains: readonly number[];
  attackMs: number;
  releaseMs: number;
  /** Infinity: held like an organ's. */
  decayMs: number;
  /** Voices that play it, each so many cents beside the next, and how deep their vibrato is. */
  voices?: number;
  detuneCents?: number;
  vibratoCents?: number;
};

const SAMPLE_RATE = 8000;
const BAND_HZ = 3900;
const VIBRATO_HZ = 5.3;
const PER_MS = SAMPLE_RATE / 1000;

const saw = (count: number) => ({
  ratios: Array.from({ length: count }, (_, i) => i + 1),
  gains: Array.from({ length: count }, (_, i) => 0.6 / (i + 1)),
});

const PARTIALS = {
  organ: {
    ratios: [0.5, 1, 1.5, 2, 3, 4],
    gains: [0.25, 0.4, 0.12, 0.3, 0.12, 0.1],
    attackMs: 8,
    releaseMs: 40,
    decayMs: Number.POSITIVE_INFINITY,
  },
  strings: {
    ...saw(10),
    attackMs: 220,
    releaseMs: 350,
    decayMs: Number.POSITIVE_INFINITY,
    voices: 3,
    detuneCents: 9,
    vibratoCents: 12,
  },
  piano: { ...saw(8), attackMs: 3, releaseMs: 90, decayMs: 900 },
  flute: {
    ratios: [1, 2, 3],
    gains: [0.7, 0.2, 0.06],
    attackMs: 60,
    releaseMs: 80,
    decayMs: Number.POSITIVE_INFINITY,
    vibratoCents: 18,
  },
  bell: {
    ratios: [0.56, 0.92, 1.19, 1.71, 2, 2.74, 3, 3.76],
    gains: [0.2, 0.25, 0.3, 0.2, 0.2, 0.15, 0.1, 0.1],
    attackMs: 1,
    releaseMs: 600,
    decayMs: 1400,
  },
  "music box": { ratios: [1, 4, 6.3], gains: [0.6, 0.2, 0.1], attackMs: 1, releaseMs: 400, decayMs: 600 },
  bass: { ratios: [1, 2, 3, 4], gains: [0.6, 0.3, 0.15, 0.08], attackMs: 5, releaseMs: 60, decayMs: 1200 },
} satisfies Record<string, Partials>;

/** An instrument; `random` makes the noise of a plucked string. */
type Instrument = (samples: Float32Array, note: Note, random: Random) => void;

/** What plays. */
export type InstrumentName = keyof typeof PARTIALS | "plucked" | "electric piano";

/** Instruments by name. The electric piano is a carrier modulated in frequency. */
export const INSTRUMENTS: Readonly<Record<InstrumentName, Instrument>> = {
  organ: byPartials("organ"),
  strings: byPartials("strings"),
  piano: byPartials("piano"),
  flute: byPartials("flute"),
  bell: byPartials("bell"),
  "music box": byPartials("music box"),
  bass: byPartials("bass"),
  plucked: addPluckedInPlace,
  "electric piano": addModulatedInPlace,
};

/** Drums by name. `note.hz` is not used. */
export const DRUMS: Readonly<Record<"kick" | "snare" | "hat", Instrument>> = {
  kick: (samples, { start, gain }) => {
    addSound(samples, { start, length: 1200 }, (n) => {
      const phase = 2 * Math.PI * ((55 * n) / SAMPLE_RATE + 1.6 * (1 - Math.exp(-n / 160)));
      return gain * Math.exp(-n / 420) * Math.sin(phase);
    });
  },
  snare: (samples, { start, gain }, random) => {
    addSound(samples, { start, length: 1200 }, (n) => {
      const tone = Math.sin((2 * Math.PI * 190 * n) / SAMPLE_RATE);
      return gain * (0.5 * Math.exp(-n / 300) * random.uniform(-1, 1) + 0.4 * Math.exp(-n / 250) * tone);
    });
  },
  hat: (samples, { start, gain }, random) => {
    let before = 0;
    addSound(samples, { start, length: 500 }, (n) => {
      const noise = random.uniform(-1, 1);
      const high = noise - before;
      before = noise;
      return 0.4 * gain * Math.exp(-n / 110) * high;
    });
  },
};

function byPartials(name: keyof typeof PARTIALS): Instrument {
  return (samples, note) => addPartialsInPlace(samples, note, PARTIALS[name]);
}

function addSound(
  samples: Float32Array,
  { start, length }: { start: number; length: number },
  valueAt: (n: number) => number,
): void {
  const end = Math.min(samples.length, start + length);
  for (let at = start; at < end; at++) samples[at]! += valueAt(at - start);
}

function addPartialsInPlace(samples: Float32Array, note: Note, partials: Partials): void {
  const { ratios, gains, voices = 1, detuneCents = 0, vibratoCents = 0, attackMs, releaseMs } = partials;
  const [attack, release] = [attackMs * PER_MS, releaseMs * PER_MS];
  const length = Math.min(note.length + 4 * release, samples.length - note.start);
  for (let voice = 0; voice < voices; voice++) {
    const detune = 2 ** (((voice - (voices - 1) / 2) * detuneCents) / 1200);
    const bend = vibratoCents * (Math.LN2 / 1200);
    ratios.forEach((ratio, i) => {
      const step = (2 * Math.PI * note.hz * ratio * detune) / SAMPLE_RATE;
      if (step * SAMPLE_RATE > 2 * Math.PI * BAND_HZ) return;
      const decay = (partials.decayMs * PER_MS) / (i + 1);
      let phase = voice + i;
      addSound(samples, { start: note.start, length }, (n) => {
        const vibrato =
          bend === 0 ? 1 : 1 + bend * Math.sin((2 * Math.PI * VIBRATO_HZ * n) / SAMPLE_RATE + voice);
        phase += step * vibrato;
        const held = n < note.length ? 1 : Math.exp((note.length - n) / release);
        const level = Math.min(1, n / attack) * Math.exp(-n / decay) * held;
        return ((note.gain * gains[i]!) / voices) * level * Math.sin(phase);
      });
    });
  }
}

function addPluckedInPlace(samples: Float32Array, { hz, start, length, gain }: Note, random: Random): void {
  const period = SAMPLE_RATE / hz - 0.5;
  // A string shorter than two samples would make the filter grow without end.
  if (period < 2) return;
  const size = Math.floor(period);
  // The fraction of a sample that the loop is too short by, made up by an all-pass filter.
  const lacking = period - size;
  const coefficient = (1 - lacking) / (1 + lacking);
  const string = Float32Array.from({ length: size }, () => random.uniform(-1, 1));
  let [before, passedIn, passed] = [0, 0, 0];
  addSound(samples, { start, length: 4 * length }, (n) => {
    const place = n % size;
    const value = string[place]!;
    const mean = (value + before) / 2;
    before = value;
    passed = coefficient * (mean - passed) + passedIn;
    passedIn = mean;
    string[place] = (n < length ? 0.997 : 0.96) * passed;
    return gain * value;
  });
}

function addModulatedInPlace(samples: Float32Array, { hz, start, length, gain }: Note): void {
  const step = (2 * Math.PI * hz) / SAMPLE_RATE;
  addSound(samples, { start, length: length + 1600 }, (n) => {
    const held = n < length ? 1 : Math.exp((length - n) / 400);
    const index = 1.4 * Math.exp(-n / 2400);
    return 0.7 * gain * held * Math.exp(-n / 7000) * Math.sin(step * n + index * Math.sin(step * n));
  });
}
