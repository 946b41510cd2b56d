// Digits as they are spoken: samples in, in chunks of any size and at any rate, digit events out.

import type { Resampler } from "../audio/resample.ts";
import { createResampler } from "../audio/resample.ts";
import { AudioFormatError, InvalidArgumentError } from "../errors.ts";
import type { DecodedDigit, DigitDecoder } from "./digit-decoder.ts";
import { createDigitDecoder } from "./digit-decoder.ts";
import type { DigitEvent } from "./digit-event.ts";
import type { FrameStream } from "./frame-stream.ts";
import { FIRST_FRAME_START } from "./frame-stream.ts";
import type { StreamModel } from "./stream-model.ts";
import { STATE_HOP } from "./stream-net.ts";

/** Settings of a recognizer. */
export type RecognizerOptions = {
  /** Of the samples pushed, in Hz: a whole number, 1..768000. */
  sampleRate: number;
  /** Least confidence of a digit, 0..1. Default: the model's own. */
  threshold?: number;
};

/** Hears the digits in one stream. How the stream is cut into chunks makes no difference to them. */
export type Recognizer = {
  /**
   * Takes in more of the stream. Calls need not wait for each other; they are answered in their order.
   *
   * @param samples Mono, nominally -1..1, of any length. They are read before the promise is returned.
   * @returns Digits that became certain, each once, in the order they were spoken.
   * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite.
   * @throws {InvalidArgumentError} The stream has ended.
   */
  push(samples: Float32Array): Promise<DigitEvent[]>;
  /**
   * The stream is over. May be called once.
   *
   * @returns Digits that were still open.
   * @throws {InvalidArgumentError} It was over before.
   */
  end(): Promise<DigitEvent[]>;
};

/**
 * Makes a recognizer for one stream.
 *
 * @param model May serve several recognizers.
 * @param options See {@link RecognizerOptions}.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function createRecognizer(model: StreamModel, options: RecognizerOptions): Recognizer {
  const { sampleRate, threshold = model.info.threshold } = options;
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new InvalidArgumentError(`createRecognizer: threshold must be 0..1, got ${threshold}`);
  }
  return new StreamRecognizer(model, { sampleRate, threshold });
}

class StreamRecognizer implements Recognizer {
  readonly #modelRate: number;
  readonly #threshold: number;
  readonly #resampler: Resampler;
  readonly #frames: FrameStream;
  readonly #decoder: DigitDecoder;
  #nSamples = 0;
  #lastAnswer: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(model: StreamModel, { sampleRate, threshold }: Required<RecognizerOptions>) {
    this.#modelRate = model.info.sampleRate;
    this.#threshold = threshold;
    this.#resampler = createResampler({ sourceRate: sampleRate, targetRate: this.#modelRate });
    this.#frames = model.openFrames();
    this.#decoder = createDigitDecoder(model.info.decoding);
  }

  async push(samples: Float32Array): Promise<DigitEvent[]> {
    this.#checkOpen("push");
    checkFinite(samples);
    const resampled = this.#resampler.push(samples);
    return this.#inTurn(() => this.#hear(resampled));
  }

  async end(): Promise<DigitEvent[]> {
    this.#checkOpen("end");
    this.#ended = true;
    const rest = this.#resampler.flush();
    return this.#inTurn(async () => {
      const events = await this.#hear(rest);
      const digits = this.#decode(await this.#frames.end());
      return [...events, ...this.#toEvents([...digits, ...this.#decoder.end()])];
    });
  }

  async #hear(samples: Float32Array): Promise<DigitEvent[]> {
    this.#nSamples += samples.length;
    return this.#toEvents(this.#decode(await this.#frames.push(samples)));
  }

  #decode(frames: readonly Float32Array[]): DecodedDigit[] {
    return frames.flatMap((frame) => this.#decoder.push(frame));
  }

  #toEvents(digits: readonly DecodedDigit[]): DigitEvent[] {
    const toMs = (frame: number) => {
      const sample = frame * STATE_HOP + FIRST_FRAME_START;
      return (1000 * Math.min(Math.max(0, sample), this.#nSamples)) / this.#modelRate;
    };
    return (
      digits
        .filter(({ confidence }) => confidence >= this.#threshold)
        .map(({ digit, start, end, confidence }) => ({
          digit,
          confidence,
          startMs: toMs(start),
          endMs: toMs(end),
        }))
        // Of one in the silence that is thought before the stream, nothing is left.
        .filter(({ startMs, endMs }) => endMs > startMs)
    );
  }

  #checkOpen(call: string): void {
    if (this.#ended) throw new InvalidArgumentError(`recognizer: ${call} after the end of the stream`);
  }

  #inTurn(answer: () => Promise<DigitEvent[]>): Promise<DigitEvent[]> {
    const turn = this.#lastAnswer.then(answer);
    this.#lastAnswer = turn.catch(() => undefined);
    return turn;
  }
}

function checkFinite(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    if (Number.isFinite(samples[i])) continue;
    throw new AudioFormatError("audio-non-finite", `recognizer: sample ${i} of a chunk is ${samples[i]}`);
  }
}
