// What is done with one recording, off the main thread.

import { decodeAudio } from "../audio/decode-audio.ts";
import { SpokenDigitsError } from "../errors.ts";
import { transcribe } from "../live/transcribe.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import { classifyRecording } from "../model/recording-classifier.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { loadClassifier, loadStreamModel } from "../recordings/load-models.ts";
import { createHearString, loadOnce } from "../recordings/recordings.ts";
import {
  type Outcome,
  SERVICE_SESSION,
  type TimedTranscript,
  type TranscribeSettings,
  type WorkerRequest,
  type WorkerSetup,
} from "./worker-protocol.ts";

/** Works on one recording after another. */
export type RecordingWork = {
  /** What the classifier says of itself. */
  readonly info: ModelInfo;
  /**
   * @param bytes A whole audio file.
   * @param request What is asked of it.
   * @throws What is no fault of the recording's.
   */
  outcomeOf(bytes: ArrayBuffer, request: Omit<WorkerRequest, "recordings">): Promise<Outcome>;
};

/**
 * Loads the classifier; the stream model follows with the first recording that needs it.
 *
 * @param setup What is to run.
 * @throws What loading the model throws.
 */
export async function createRecordingWork(setup: WorkerSetup): Promise<RecordingWork> {
  const { model, threshold, maxDurationMs } = setup;
  const classifier = await loadClassifier({ model, threshold, threads: 1, sessionOptions: SERVICE_SESSION });
  const streamModel = loadOnce(() => loadStreamModel({ sessionOptions: SERVICE_SESSION }));
  const hearString = createHearString(streamModel);
  const classify = (bytes: Uint8Array, { options, voice }: Omit<WorkerRequest, "recordings">) =>
    classifyRecording(classifier.withVoice(voice ?? null), bytes, { ...options, maxDurationMs, hearString });
  const hear = async (
    bytes: Uint8Array,
    { settings, voice }: { settings: TranscribeSettings; voice?: VoiceProfile },
  ): Promise<TimedTranscript> => {
    const start = performance.now();
    const loaded = (await streamModel()).withVoice(voice ?? null);
    const { sampleRate } = loaded.info;
    const { samples } = await decodeAudio(bytes, { maxDurationMs, sampleRate });
    const transcript = await transcribe(loaded, samples, { ...settings, sampleRate });
    const durationMs = (1000 * samples.length) / sampleRate;
    return { ...transcript, durationMs, ms: performance.now() - start };
  };
  return {
    info: classifier.info,
    async outcomeOf(bytes, request) {
      const { transcribe: settings, voice } = request;
      const recording = new Uint8Array(bytes);
      try {
        if (settings) return { transcript: await hear(recording, { settings, voice }) };
        return { answer: await classify(recording, request) };
      } catch (error) {
        if (!(error instanceof SpokenDigitsError)) throw error;
        return { error: { code: error.code, message: error.message } };
      }
    },
  };
}
