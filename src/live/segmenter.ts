// Cuts a stream into words by loudness: a word begins when sound rises above the room, and ends at a short quiet.

/** A word cut out of a stream. Positions are in samples since the stream began. */
export type Word = {
  /** The word with a little of what was before and after it. */
  samples: Float32Array;
  startSample: number;
  /** Where its last sound ends, which is before the quiet that ended it. */
  endSample: number;
};

/** Finds the words in a stream. */
export type Segmenter = {
  /** @param samples More of the stream, of any length. @returns The words that have ended in it. */
  push(samples: Float32Array): Word[];
};

/** Settings of a segmenter. */
export type SegmenterOptions = {
  /** Hz. */
  sampleRate: number;
  /** Quiet that ends a word, in ms. Default: 190; the pause before the t of "eight" is shorter. */
  endQuietMs?: number;
  /** What is kept from before the word, in ms. Default: 150, for soft beginnings such as the f of "five". */
  preRollMs?: number;
  /** Sound shorter than this is a click, in ms. Default: 60. */
  minWordMs?: number;
  /** A word is ended when it gets this long, in ms. Default: 1400. */
  maxWordMs?: number;
};

const FRAME_MS = 10;
// Sound is what is this much louder than the room, in dB; to go on it needs less than to begin.
const START_ABOVE_DB = 12;
const STAY_ABOVE_DB = 7;
// Nor does it go on when it is this far below the word's loudest frame: rooms ring.
const STAY_BELOW_PEAK_DB = 34;
// Quieter than this is no speech, however quiet the room.
const MIN_SPEECH_DB = -54;
// The room's level follows quickly to quiet and slowly to loud frames, in shares of the difference per frame.
const FALL = 0.2;
const RISE = 0.01;
// Frames that are loud out of the last ones, for a word to begin.
const START_FRAMES = 3;

type OpenWord = { firstFrame: number; lastLoudFrame: number; peakDb: number; levels: number[] };

/**
 * Makes a segmenter for one stream.
 *
 * @param options See {@link SegmenterOptions}.
 */
export function createSegmenter(options: SegmenterOptions): Segmenter {
  return new EnergySegmenter(options);
}

class EnergySegmenter implements Segmenter {
  readonly #frameLength: number;
  readonly #endQuiet: number;
  readonly #preRoll: number;
  readonly #minWord: number;
  readonly #maxWord: number;
  // Whole frames of the recent past; #frames[0] is frame #firstFrame of the stream.
  readonly #frames: Float32Array[] = [];
  #firstFrame = 0;
  #nFrames = 0;
  #pending = new Float32Array(0);
  #roomDb = -60;
  #nLoud = 0;
  #word: OpenWord | null = null;

  constructor(options: SegmenterOptions) {
    const { sampleRate, endQuietMs = 190, preRollMs = 150, minWordMs = 60, maxWordMs = 1400 } = options;
    this.#frameLength = Math.round((FRAME_MS / 1000) * sampleRate);
    this.#endQuiet = Math.round(endQuietMs / FRAME_MS);
    this.#preRoll = Math.round(preRollMs / FRAME_MS);
    this.#minWord = Math.round(minWordMs / FRAME_MS);
    this.#maxWord = Math.round(maxWordMs / FRAME_MS);
  }

  push(samples: Float32Array): Word[] {
    const joined = new Float32Array(this.#pending.length + samples.length);
    joined.set(this.#pending);
    joined.set(samples, this.#pending.length);
    const words: Word[] = [];
    let start = 0;
    for (; start + this.#frameLength <= joined.length; start += this.#frameLength) {
      const word = this.#take(joined.slice(start, start + this.#frameLength));
      if (word) words.push(word);
    }
    this.#pending = joined.slice(start);
    return words;
  }

  #take(frame: Float32Array): Word | null {
    const levelDb = levelOf(frame);
    this.#frames.push(frame);
    this.#nFrames++;
    const word = this.#word ? this.#goOn(this.#word, levelDb) : this.#wait(levelDb);
    const keep = this.#word ? this.#word.firstFrame : this.#nFrames - this.#preRoll - START_FRAMES;
    while (this.#firstFrame < keep) {
      this.#frames.shift();
      this.#firstFrame++;
    }
    return word;
  }

  #wait(levelDb: number): null {
    const isLoud = levelDb > Math.max(this.#roomDb + START_ABOVE_DB, MIN_SPEECH_DB);
    this.#nLoud = isLoud ? this.#nLoud + 1 : Math.max(0, this.#nLoud - 1);
    this.#followRoom(levelDb);
    if (this.#nLoud < START_FRAMES) return null;
    const current = this.#nFrames - 1;
    const firstFrame = Math.max(this.#firstFrame, current - START_FRAMES - this.#preRoll + 1);
    this.#word = { firstFrame, lastLoudFrame: current, peakDb: levelDb, levels: [] };
    return null;
  }

  #goOn(word: OpenWord, levelDb: number): Word | null {
    const current = this.#nFrames - 1;
    word.peakDb = Math.max(word.peakDb, levelDb);
    word.levels.push(levelDb);
    const stays = Math.max(
      this.#roomDb + STAY_ABOVE_DB,
      word.peakDb - STAY_BELOW_PEAK_DB,
      MIN_SPEECH_DB - (START_ABOVE_DB - STAY_ABOVE_DB),
    );
    if (levelDb > stays) word.lastLoudFrame = current;
    const isLong = current - word.firstFrame - this.#preRoll >= this.#maxWord;
    if (!isLong && current - word.lastLoudFrame < this.#endQuiet) return null;
    // What stays loud for so long may be the room: the next word has to rise above its quieter part.
    if (isLong) this.#roomDb = quantile(word.levels, 0.2);
    return this.#end(word);
  }

  #end(word: OpenWord): Word | null {
    this.#word = null;
    this.#nLoud = 0;
    const firstLoudFrame = word.firstFrame + this.#preRoll;
    if (word.lastLoudFrame - firstLoudFrame + 1 < this.#minWord) return null;
    return {
      samples: join(this.#frames.slice(word.firstFrame - this.#firstFrame)),
      startSample: firstLoudFrame * this.#frameLength,
      endSample: (word.lastLoudFrame + 1) * this.#frameLength,
    };
  }

  #followRoom(levelDb: number): void {
    const share = levelDb < this.#roomDb ? FALL : RISE;
    this.#roomDb += share * (levelDb - this.#roomDb);
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

function join(frames: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(frames.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const frame of frames) {
    samples.set(frame, start);
    start += frame.length;
  }
  return samples;
}

/** RMS in dB of full scale, at least -100. */
function levelOf(samples: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < samples.length; i++) energy += samples[i]! * samples[i]!;
  return Math.max(-100, 10 * Math.log10(energy / samples.length + 1e-12));
}
