import type { Resampler } from "../../audio/resample.ts";
import { createResampler } from "../../audio/resample.ts";
import type { Classifier } from "../../model/classifier.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { Segmenter, Word } from "../live/segmenter.ts";
import { createSegmenter } from "../live/segmenter.ts";
import { summarise } from "./load-model.ts";
import { MelColumns } from "./mel-columns.ts";
import { levelOf } from "./peaks.ts";
import type { CaptureSource, EngineEvent } from "./protocol.ts";
import { wavBlob } from "./wav-blob.ts";

type Surroundings = { classifier: Classifier; tell: (event: EngineEvent) => void };

/** Listens until it is stopped: level, spectrogram, and an answer for each word. */
export class LiveSession {
  readonly #source: CaptureSource;
  readonly #classifier: Classifier;
  readonly #tell: (event: EngineEvent) => void;
  readonly #resampler: Resampler;
  readonly #segmenter: Segmenter;
  readonly #columns: MelColumns;
  #nSamples = 0;
  #stopped = false;

  /**
   * @param source Where the samples come from.
   * @param surroundings.classifier Answers.
   * @param surroundings.tell Told everything that is heard.
   */
  constructor(source: CaptureSource, { classifier, tell }: Surroundings) {
    this.#source = source;
    this.#classifier = classifier;
    this.#tell = tell;
    this.#resampler = createResampler({ sourceRate: source.sampleRate, targetRate: SAMPLE_RATE });
    this.#segmenter = createSegmenter({ sampleRate: SAMPLE_RATE });
    this.#columns = new MelColumns(summarise(classifier).axes);
    source.port.onmessage = ({ data }: MessageEvent<Float32Array>) => this.#push(data);
  }

  /** Stops listening; may be called twice. */
  stop(): void {
    this.#stopped = true;
    this.#source.port.close();
  }

  #push(chunk: Float32Array): void {
    const samples = this.#resampler.push(chunk);
    this.#nSamples += samples.length;
    const durationMs = (this.#nSamples / SAMPLE_RATE) * 1000;
    this.#tell({ kind: "level", levelDb: levelOf(chunk), durationMs });
    const columns = this.#columns.push(samples);
    if (columns.length > 0) this.#tell({ kind: "columns", columns });
    for (const word of this.#segmenter.push(samples)) void this.#answer(word, Date.now());
  }

  async #answer(word: Word, arrivedAt: number): Promise<void> {
    const prediction = await this.#classifier.classify(word.samples, { sampleRate: SAMPLE_RATE });
    if (this.#stopped) return;
    const quietMs = ((this.#nSamples - word.endSample) / SAMPLE_RATE) * 1000;
    const durationMs = ((word.endSample - word.startSample) / SAMPLE_RATE) * 1000;
    const endedAt = arrivedAt - quietMs;
    this.#tell({
      kind: "word",
      prediction,
      wav: wavBlob(word.samples, SAMPLE_RATE),
      durationMs,
      endedAt,
    });
  }
}
