// Sounds of telephones that hold no speech. Frequencies and cadences of North America, ITU-T E.180 and T.30.

const SAMPLE_RATE = 8000;

/** A tone: its frequencies in Hz, and how long it sounds and rests in ms. */
type Cadence = { hz: readonly number[]; onMs: number; offMs: number };

const TONES: Readonly<Record<string, readonly Cadence[]>> = {
  dial: [{ hz: [350, 440], onMs: 1000, offMs: 0 }],
  busy: [{ hz: [480, 620], onMs: 500, offMs: 500 }],
  reorder: [{ hz: [480, 620], onMs: 250, offMs: 250 }],
  ringing: [{ hz: [440, 480], onMs: 2000, offMs: 4000 }],
  "fax, calling": [{ hz: [1100], onMs: 500, offMs: 3000 }],
  "fax, answering": [{ hz: [2100], onMs: 3000, offMs: 500 }],
  "information tone": [950, 1400, 1800].map((hz, i) => ({ hz: [hz], onMs: 330, offMs: i === 2 ? 1000 : 0 })),
  DTMF: dtmf(),
};

/** The two frequencies of ITU-T V.21's upper channel, for 1 and 0, and how long a bit lasts. */
const V21 = { ones: 1650, zeros: 1850, baud: 300 };
const V21_NAME = "fax, V.21 flags";
/** What begins and fills every frame of HDLC. */
const FLAG = [0, 1, 1, 1, 1, 1, 1, 0];

/** Names of the tones that {@link toneSignal} makes. */
export const TONE_NAMES: readonly string[] = [...Object.keys(TONES), V21_NAME];

/**
 * Makes a tone, 13 dB below full scale.
 *
 * @param name One of {@link TONE_NAMES}.
 * @param seconds How long.
 * @returns Mono, 8 kHz.
 */
export function toneSignal(name: string, seconds: number): Float32Array {
  const samples = new Float32Array(SAMPLE_RATE * seconds);
  if (name === V21_NAME) return flagsInPlace(samples);
  const cadences = TONES[name]!;
  for (let place = 0, turn = 0; place < samples.length; turn++) {
    const { hz, onMs, offMs } = cadences[turn % cadences.length]!;
    const end = Math.min(samples.length, place + 8 * onMs);
    for (let n = place; n < end; n++) {
      for (const frequency of hz)
        samples[n]! += (0.22 / hz.length) * Math.sin((2 * Math.PI * frequency * n) / SAMPLE_RATE);
    }
    place = end + 8 * offMs;
  }
  return samples;
}

/** Flags one after another, as fax machines send before each of their messages; its phase never jumps. */
function flagsInPlace(samples: Float32Array): Float32Array {
  let phase = 0;
  for (let n = 0; n < samples.length; n++) {
    const bit = FLAG[Math.floor((n * V21.baud) / SAMPLE_RATE) % FLAG.length]!;
    phase += (2 * Math.PI * (bit === 1 ? V21.ones : V21.zeros)) / SAMPLE_RATE;
    samples[n] = 0.22 * Math.sin(phase);
  }
  return samples;
}

/** All sixteen keys, 100 ms each with 100 ms between. */
function dtmf(): Cadence[] {
  const [low, high] = [
    [697, 770, 852, 941],
    [1209, 1336, 1477, 1633],
  ];
  return low!.flatMap((row) => high!.map((column) => ({ hz: [row, column], onMs: 100, offMs: 100 })));
}
