// Digits as they are spoken: samples in, in chunks of any size and at any rate, digit events out.

import { checkMagnitudes } from "../audio/audio-clip.ts";
import { createDcBlocker } from "../audio/offset-and-tones.ts";
import { createResampler, type Resampler } from "../audio/resample.ts";
import { InvalidArgumentError } from "../errors.ts";
import { checkExpectation, type Expectation, parseNumberLength } from "./decoding.ts";
import type { LiveDigitEvent } from "./digit-event.ts";
import { FIRST_FRAME_START, type FrameStream, type StreamFrame } from "./frame-stream.ts";
import { createDigitReporter, createListener, type DigitReporter, type Listener } from "./listener.ts";
import type { StreamModel } from "./stream-model.ts";
import { STATE_HOP } from "./stream-net.ts";

/** How to listen. */
export type ListeningOptions = {
  /**
   * `digits`: nothing else is said; `numbers`: numbers among anything else; `any`: anything, and every single digit counts.
   * Default: `any`.
   */
  expect?: Expectation;
  /**
   * How long a number is: `4`, `10`, or in groups, `3-3-4`, which count together. Expecting digits, the stream holds one
   * number. Default: any length.
   */
  length?: string | number;
  /** Least confidence of a digit, 0..1. Default: the model's own for what is expected. */
  threshold?: number;
};

/** Settings of a recognizer. */
export type RecognizerOptions = ListeningOptions & {
  /** Of the samples pushed, in Hz: a whole number, 1..768000. */
  sampleRate: number;
  /** Whether digits are mentioned before they are certain, to be made firm or taken back later. Default: false. */
  tentative?: boolean;
};

/** Hears the digits in one stream. How the stream is cut into chunks makes no difference to them. */
export type Recognizer = {
  /**
   * Takes in more of the stream. Calls need not wait for each other; they are answered in their order.
   *
   * @param samples Mono, nominally -1..1, of any length. They are read before the promise is returned.
   * @returns Digits that became certain, each once, in the order they were spoken; with `tentative` what became of each.
   * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite; `audio-damaged`: it is beyond 1e9.
   * @throws {InvalidArgumentError} The stream has ended.
   */
  push(samples: Float32Array): Promise<LiveDigitEvent[]>;
  /**
   * The stream is over. May be called once. Every digit is decided on after it.
   *
   * @returns Digits that were still open.
   * @throws {InvalidArgumentError} It was over before.
   */
  end(): Promise<LiveDigitEvent[]>;
};

/**
 * Makes a recognizer for one stream.
 *
 * @param model May serve several recognizers.
 * @param options See {@link RecognizerOptions}.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function createRecognizer(model: StreamModel, options: RecognizerOptions): Recognizer {
  return createWatchedRecognizer(model, options, {});
}

/**
 * As {@link createRecognizer}; what it hears is handed on.
 *
 * @param model May serve several recognizers.
 * @param options See {@link RecognizerOptions}.
 * @param watchers.onFrames Called with the frames that became known.
 * @param watchers.onColumns As of {@link StreamModel.openFrames}.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function createWatchedRecognizer(
  model: StreamModel,
  options: RecognizerOptions,
  watchers: Watchers,
): Recognizer {
  const { sampleRate, tentative = false, length } = options;
  const expect = checkExpectation(options.expect ?? "any");
  const { decoding } = model.info;
  const { threshold = decoding[expect].threshold } = options;
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new InvalidArgumentError(`createRecognizer: threshold must be 0..1, got ${threshold}`);
  }
  const nDigits = length === undefined ? undefined : parseNumberLength(length).nDigits;
  const listener = createListener(decoding, { expect, threshold, nDigits });
  return new StreamRecognizer(model, { sampleRate, tentative, listener, watchers });
}

type Watchers = {
  onFrames?: (frames: readonly StreamFrame[]) => void;
  onColumns?: (columns: Float32Array) => void;
};

type Parts = { sampleRate: number; tentative: boolean; listener: Listener; watchers: Watchers };

class StreamRecognizer implements Recognizer {
  readonly #modelRate: number;
  readonly #resampler: Resampler;
  readonly #withoutOffset: (samples: Float32Array) => Float32Array;
  readonly #frames: FrameStream;
  readonly #listener: Listener;
  readonly #reporter: DigitReporter;
  readonly #onFrames: Watchers["onFrames"];
  #nSamples = 0;
  #lastCall: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(model: StreamModel, { sampleRate, tentative, listener, watchers }: Parts) {
    this.#modelRate = model.info.sampleRate;
    this.#resampler = createResampler({ sourceRate: sampleRate, targetRate: this.#modelRate });
    this.#withoutOffset = createDcBlocker(this.#modelRate);
    this.#frames = model.openFrames(watchers.onColumns);
    this.#listener = listener;
    this.#reporter = createDigitReporter({ tentative, toMs: (frame) => this.#toMs(frame) });
    this.#onFrames = watchers.onFrames;
  }

  async push(samples: Float32Array): Promise<LiveDigitEvent[]> {
    this.#checkOpen("push");
    checkMagnitudes("recognizer", samples);
    const resampled = this.#resampler.push(samples);
    return this.#inTurn(() => this.#hear(resampled));
  }

  async end(): Promise<LiveDigitEvent[]> {
    this.#checkOpen("end");
    this.#ended = true;
    const rest = this.#resampler.flush();
    return this.#inTurn(async () => {
      const events = await this.#hear(rest);
      events.push(...this.#listen(await this.#frames.end()));
      return [...events, ...this.#reporter.report(this.#listener.end())];
    });
  }

  async #hear(samples: Float32Array): Promise<LiveDigitEvent[]> {
    this.#nSamples += samples.length;
    return this.#listen(await this.#frames.push(this.#withoutOffset(samples)));
  }

  #listen(frames: readonly StreamFrame[]): LiveDigitEvent[] {
    this.#onFrames?.(frames);
    return frames.flatMap((frame) => this.#reporter.report(this.#listener.push(frame)));
  }

  #toMs(frame: number): number {
    const sample = frame * STATE_HOP + FIRST_FRAME_START;
    return (1000 * Math.min(Math.max(0, sample), this.#nSamples)) / this.#modelRate;
  }

  #checkOpen(call: string): void {
    if (this.#ended) throw new InvalidArgumentError(`recognizer: ${call} after the end of the stream`);
  }

  #inTurn(call: () => Promise<LiveDigitEvent[]>): Promise<LiveDigitEvent[]> {
    const turn = this.#lastCall.then(call);
    this.#lastCall = turn.catch(() => undefined);
    return turn;
  }
}
