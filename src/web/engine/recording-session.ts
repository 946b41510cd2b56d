import type { AudioClip } from "../../audio/audio-clip.ts";
import { levelOf } from "./peaks.ts";
import type { CaptureSource, EngineEvent } from "./protocol.ts";

// A microphone forgotten open fills no memory: later samples are dropped.
const MAX_SECONDS = 60;

/** Gathers what the microphone hears until it is stopped. */
export class RecordingSession {
  readonly #source: CaptureSource;
  readonly #chunks: Float32Array[] = [];
  #nSamples = 0;

  /**
   * @param source Where the samples come from.
   * @param tell Told the level at each chunk.
   */
  constructor(source: CaptureSource, tell: (event: EngineEvent) => void) {
    this.#source = source;
    source.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      if (this.#nSamples < MAX_SECONDS * source.sampleRate) this.#add(data);
      const durationMs = (this.#nSamples / source.sampleRate) * 1000;
      tell({ kind: "level", levelDb: levelOf(data), durationMs });
    };
  }

  /** Ends the recording; what has been heard so far, or since the last take, is the clip. */
  stop(): AudioClip {
    this.#source.port.close();
    return this.take();
  }

  /** What has been heard since the last take; the next one begins here. */
  take(): AudioClip {
    const samples = new Float32Array(this.#nSamples);
    let start = 0;
    for (const chunk of this.#chunks) {
      samples.set(chunk, start);
      start += chunk.length;
    }
    this.#chunks.length = 0;
    this.#nSamples = 0;
    return { samples, sampleRate: this.#source.sampleRate };
  }

  #add(chunk: Float32Array): void {
    this.#chunks.push(chunk);
    this.#nSamples += chunk.length;
  }
}
