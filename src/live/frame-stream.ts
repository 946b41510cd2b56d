// Samples in, the net's outputs out: what it hears in each frame of a stream, each frame computed once, whatever the chunks
// that the samples come in.

import { isSilent, isSteadyTone, LEAST_TONE, TONE_WINDOW } from "../audio/offset-and-tones.ts";
import { OUTPUT_DELAY } from "./build-stream-model.ts";
import { OUTPUT_COUNT, STATE_HOP, STREAM_WINDOW } from "./stream-net.ts";

/** What is known of one frame of a stream. */
export type StreamFrame = {
  /** Logarithms of the outputs' probabilities, [OUTPUT_COUNT]. */
  logProbs: Float32Array;
  /** Level of its samples in dB of full scale, -120 and above. */
  levelDb: number;
};

/** The frames of one stream. Calls must wait for each other. */
export type FrameStream = {
  /** @param samples The next samples, mono, at the model's rate. @returns The frames that became known. */
  push(samples: Float32Array): Promise<StreamFrame[]>;
  /** The stream is over, as if silence followed. @returns The frames up to its end. */
  end(): Promise<StreamFrame[]>;
};

/** Runs the net on a piece of one stream; it keeps what the next piece needs. */
export type PieceRunner = {
  /** @param samples [n STATE_HOP], 1 <= n <= MAX_PIECE_FRAMES. @returns [n, OUTPUT_COUNT]. */
  run(samples: Float32Array): Promise<Float32Array>;
  /** Forgets all that came before: silence did. */
  reset(): void;
};

/** Sample of the stream at which its first frame begins; frames follow each other by STATE_HOP. */
export const FIRST_FRAME_START = STATE_HOP - OUTPUT_DELAY;

/** Frames that come at once in a stream of short chunks: the runtime's work for a run is worth several frames. */
export const FRAMES_PER_RUN = 3;

/** Frames that are computed at once at most. Up to here the runtime's results do not depend on the number, to the last bit. */
export const MAX_PIECE_FRAMES = 30;

const MIN_LEVEL_DB = -120;
const LEVEL_BLOCKS = STREAM_WINDOW / STATE_HOP;
/** Blocks of samples from a frame's own to the newest. */
const BLOCKS_BEHIND = Math.floor(OUTPUT_DELAY / STATE_HOP);

/** The row of a frame in silence, where there is no need to ask the net. */
export const SILENT_ROW = new Float32Array(OUTPUT_COUNT).fill(Math.log(1e-6));
SILENT_ROW[0] = 0;

/** Begins a stream of frames. @param runner Of this stream alone. */
export function createFrameStream(runner: PieceRunner): FrameStream {
  return new BlockStream(runner);
}

class BlockStream implements FrameStream {
  readonly #runner: PieceRunner;
  // Samples that make up no whole run yet.
  #waiting = new Float32Array(0);
  // Levels of the newest blocks, the oldest first.
  readonly #levels = Array<number>(BLOCKS_BEHIND).fill(MIN_LEVEL_DB);
  // The newest samples, in how many successive blocks they were a tone, and whether the newest blocks are part of one.
  readonly #newest = new Float32Array(TONE_WINDOW);
  #toneBlocks = 0;
  readonly #isTone = Array<boolean>(BLOCKS_BEHIND).fill(false);
  #silentBlocks = LEVEL_BLOCKS;

  constructor(runner: PieceRunner) {
    this.#runner = runner;
  }

  push(samples: Float32Array): Promise<StreamFrame[]> {
    const step = FRAMES_PER_RUN * STATE_HOP;
    const joined = new Float32Array(this.#waiting.length + samples.length);
    joined.set(this.#waiting);
    joined.set(samples, this.#waiting.length);
    const end = joined.length - (joined.length % step);
    this.#waiting = joined.slice(end);
    return this.#compute(joined.subarray(0, end));
  }

  end(): Promise<StreamFrame[]> {
    return this.push(new Float32Array(OUTPUT_DELAY + FRAMES_PER_RUN * STATE_HOP));
  }

  /** Asks the net about each stretch of blocks that is not in silence. */
  async #compute(samples: Float32Array): Promise<StreamFrame[]> {
    const frames: StreamFrame[] = [];
    let from = 0;
    for (let at = 0; at < samples.length; at += STATE_HOP) {
      const isQuiet = this.#isInSilence(samples.subarray(at, at + STATE_HOP));
      const isLong = at - from >= MAX_PIECE_FRAMES * STATE_HOP;
      if (isQuiet || isLong) {
        frames.push(...(await this.#run(samples.subarray(from, at))));
        from = at;
      }
      if (isQuiet) {
        this.#runner.reset();
        frames.push(this.#frame(SILENT_ROW, samples.subarray(at, at + STATE_HOP)));
        from = at + STATE_HOP;
      }
    }
    return [...frames, ...(await this.#run(samples.subarray(from)))];
  }

  async #run(samples: Float32Array): Promise<StreamFrame[]> {
    if (samples.length === 0) return [];
    const rows = await this.#runner.run(samples);
    return Array.from({ length: samples.length / STATE_HOP }, (_, i) =>
      this.#frame(
        rows.slice(i * OUTPUT_COUNT, (i + 1) * OUTPUT_COUNT),
        samples.subarray(i * STATE_HOP, (i + 1) * STATE_HOP),
      ),
    );
  }

  #frame(logProbs: Float32Array, block: Float32Array): StreamFrame {
    this.#levels.push(levelOf(block));
    this.#watchTone(block);
    return { logProbs: this.#isTone.shift() ? SILENT_ROW : logProbs, levelDb: this.#levels.shift()! };
  }

  #watchTone(block: Float32Array): void {
    this.#newest.copyWithin(0, STATE_HOP);
    this.#newest.set(block, TONE_WINDOW - STATE_HOP);
    this.#toneBlocks = isSteadyTone(this.#newest) ? this.#toneBlocks + 1 : 0;
    this.#isTone.push(false);
    if (TONE_WINDOW + (this.#toneBlocks - 1) * STATE_HOP >= LEAST_TONE) this.#isTone.fill(true);
  }

  /** Whether a block ends STREAM_WINDOW samples of nothing louder than one step of 16-bit audio. */
  #isInSilence(block: Float32Array): boolean {
    this.#silentBlocks = isSilent(block) ? this.#silentBlocks + 1 : 0;
    return this.#silentBlocks >= LEVEL_BLOCKS;
  }
}

function levelOf(block: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < block.length; i++) sum += block[i]! * block[i]!;
  return Math.max(MIN_LEVEL_DB, 10 * Math.log10(sum / block.length));
}
