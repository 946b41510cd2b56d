import type { AudioClip } from "../../audio/audio-clip.ts";
import type { Resampler } from "../../audio/resample.ts";
import { createResampler } from "../../audio/resample.ts";
import type { LiveDigitEvent } from "../../live/digit-event.ts";
import type { Recognizer } from "../../live/recognizer.ts";
import { createWatchedRecognizer } from "../../live/recognizer.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import type { Classifier } from "../../model/classifier.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { packError } from "../../workers/calls.ts";
import { heardAs } from "./heard-as.ts";
import { levelOf } from "./peaks.ts";
import type { CaptureSource, EngineEvent, HeardDigit } from "./protocol.ts";
import { RecentSound } from "./recent-sound.ts";
import type { ListeningOptions } from "./utterance.ts";

/** What a session works with. */
export type LiveSurroundings = {
  /** Hears the digits. */
  streamModel: StreamModel;
  /** Says of each how it looks and what else it might have been. */
  classifier: Classifier;
  listeningOptions: ListeningOptions;
  /** Told everything that is heard. */
  tell: (event: EngineEvent) => void;
};

/** When a stretch of the stream had arrived: `arrivedAt` in ms since 1970. */
type Clock = { arrivedAt: number; durationMs: number };

// To be heard again afterwards. A session may go on for longer: its beginning is let go.
const KEEP_MS = 600_000;
const NO_SOUND = new Float32Array(0);
// What is heard of a digit beyond its edges.
const MARGIN_MS = 50;

/** Listens until it is stopped: level, spectrogram, and each digit as soon as it is certain. */
export class LiveSession {
  readonly #source: CaptureSource;
  readonly #classifier: Classifier;
  readonly #tell: (event: EngineEvent) => void;
  readonly #resampler: Resampler;
  readonly #recognizer: Recognizer;
  readonly #recent = new RecentSound({ sampleRate: SAMPLE_RATE, keepMs: KEEP_MS });
  #told: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  /**
   * @param source Where the samples come from.
   * @param surroundings See {@link LiveSurroundings}.
   */
  constructor(source: CaptureSource, { streamModel, classifier, listeningOptions, tell }: LiveSurroundings) {
    this.#source = source;
    this.#classifier = classifier;
    this.#tell = tell;
    this.#resampler = createResampler({ sourceRate: source.sampleRate, targetRate: SAMPLE_RATE });
    const { expect, length } = listeningOptions;
    this.#recognizer = createWatchedRecognizer(
      streamModel,
      { sampleRate: SAMPLE_RATE, expect, length: length ?? undefined, tentative: true },
      { onColumns: (columns) => tell({ kind: "columns", columns }) },
    );
    source.port.onmessage = ({ data }: MessageEvent<Float32Array>) => this.#push(data);
  }

  /** What is kept of its sound, and when that began, in ms since the session did. */
  get sound(): { clip: AudioClip; offsetMs: number } {
    const { durationMs } = this.#recent;
    const offsetMs = Math.max(0, durationMs - KEEP_MS);
    const samples = durationMs > 0 ? this.#recent.cut({ startMs: offsetMs, endMs: durationMs }) : NO_SOUND;
    return { clip: { samples, sampleRate: SAMPLE_RATE }, offsetMs };
  }

  /** Stops listening; a digit that was still open is told first. May be called twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  #push(chunk: Float32Array): void {
    const samples = this.#resampler.push(chunk);
    this.#recent.push(samples);
    const clock = this.#now();
    this.#tell({ kind: "level", levelDb: levelOf(chunk), durationMs: clock.durationMs });
    this.#tellInTurn(this.#recognizer.push(samples), clock);
  }

  async #end(): Promise<void> {
    this.#source.port.close();
    this.#tellInTurn(this.#recognizer.end(), this.#now());
    await this.#told;
  }

  #now(): Clock {
    return { arrivedAt: Date.now(), durationMs: this.#recent.durationMs };
  }

  #tellInTurn(heard: Promise<LiveDigitEvent[]>, clock: Clock): void {
    this.#told = Promise.all([heard, this.#told])
      .then(async ([events]) => {
        for (const event of events) await this.#tellDigit(event, clock);
      })
      .catch((error: unknown) => this.#tell({ kind: "failure", failure: packError(error) }));
  }

  async #tellDigit(event: LiveDigitEvent, { arrivedAt, durationMs }: Clock): Promise<void> {
    const prediction = event.status === "withdrawn" ? null : await this.#lookAt(event);
    this.#tell({ kind: "digit", event, prediction, endedAt: arrivedAt - (durationMs - event.endMs) });
  }

  async #lookAt(event: LiveDigitEvent): Promise<HeardDigit> {
    const { startMs, endMs } = event;
    const samples = this.#recent.cut({ startMs: startMs - MARGIN_MS, endMs: endMs + MARGIN_MS });
    const seen = await this.#classifier.classify(samples, { sampleRate: SAMPLE_RATE, logMel: true });
    return heardAs(seen, event);
  }
}
