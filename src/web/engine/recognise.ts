import type { AudioClip } from "../../audio/audio-clip.ts";
import { trimSilence } from "../../audio/prepare-recording.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import { type Transcript, transcribe } from "../../live/transcribe.ts";
import type { Classifier } from "../../model/classifier.ts";
import type { Prediction } from "../../model/prediction.ts";
import { heardAs, rivalsIn } from "./heard-as.ts";
import type { Stretch } from "./protocol.ts";
import type { ListeningOptions, Utterance } from "./utterance.ts";

/** What recognition works with. */
export type RecogniseOptions = HearOptions & {
  /** Answers for one digit. */
  classifier: Classifier;
  /** The stream model if it is there, a promise of it while it is being loaded. */
  streamModel: () => StreamModel | Promise<StreamModel>;
};

// Shorter speech is one digit: two of them, said fast, take longer.
const ONE_DIGIT_MS = 600;
// Speech of this length may well be one digit, so that it is answered before the stream model is there.
const PERHAPS_ONE_DIGIT_MS = 1100;
// In longer speech without a digit the classifier, which looks at one second of it, has no say.
const SENTENCE_MS = 4000;
// What the classifier hears of a digit beyond its edges.
const MARGIN_MS = 50;

/**
 * Hears what was said. Short speech goes to the classifier; longer speech to the stream model as well, which finds the
 * digits of a number.
 *
 * @param clip The recording.
 * @param options See {@link RecogniseOptions}.
 */
export async function recognise(clip: AudioClip, options: RecogniseOptions): Promise<Utterance> {
  const speechMs = speechLength(clip);
  const streamModel = speechMs > ONE_DIGIT_MS ? options.streamModel() : null;
  const provisional = streamModel instanceof Promise && speechMs <= PERHAPS_ONE_DIGIT_MS;
  const model = provisional ? null : await streamModel;
  const begun = performance.now(); // when all that computes is there
  const transcript = model ? await hearDigits(model, clip, options) : NOTHING;
  const heard = await conclude(clip, { transcript, speechMs, classifier: options.classifier });
  return { ...heard, ms: performance.now() - begun, provisional };
}

type Evidence = { transcript: Heard; speechMs: number; classifier: Classifier };
type Heard = Pick<Transcript, "events" | "alternatives">;

const NOTHING: Heard = { events: [], alternatives: [] };

async function conclude(
  clip: AudioClip,
  { transcript: { events, alternatives }, speechMs, classifier }: Evidence,
): Promise<Omit<Utterance, "ms" | "provisional">> {
  const [first] = events;
  if (events.length > 1) {
    return { digits: events, alternatives: alternatives.slice(1), none: null, prediction: null };
  }
  if (speechMs <= SENTENCE_MS) return single(await classify(classifier, clip), first ?? wholeOf(clip));
  if (!first) return nothingIn(clip);
  const around = { startMs: first.startMs - MARGIN_MS, endMs: first.endMs + MARGIN_MS };
  const seen = await classify(classifier, cut(clip, around));
  const prediction = heardAs(seen, first);
  return { digits: [first], alternatives: [], none: null, prediction };
}

function single(prediction: Prediction, { startMs, endMs }: Stretch): Omit<Utterance, "ms" | "provisional"> {
  const { digit, confidence, none } = prediction;
  const rivals = rivalsIn(prediction);
  return { digits: [{ digit, confidence, rivals, startMs, endMs }], alternatives: [], none, prediction };
}

function nothingIn(clip: AudioClip): Omit<Utterance, "ms" | "provisional"> {
  const place = { digit: null, confidence: 0, rivals: [], ...wholeOf(clip) };
  return { digits: [place], alternatives: [], none: "not-a-digit", prediction: null };
}

function classify(classifier: Classifier, { samples, sampleRate }: AudioClip): Promise<Prediction> {
  return classifier.classify(samples, { sampleRate, logMel: true });
}

function speechLength({ samples, sampleRate }: AudioClip): number {
  const { startSample, endSample } = trimSilence(samples, { sampleRate });
  return (1000 * (endSample - startSample)) / sampleRate;
}

function wholeOf({ samples, sampleRate }: AudioClip): Stretch {
  return { startMs: 0, endMs: (1000 * samples.length) / sampleRate };
}

function cut({ samples, sampleRate }: AudioClip, { startMs, endMs }: Stretch): AudioClip {
  const at = (ms: number) => Math.max(0, Math.round((ms / 1000) * sampleRate));
  return { samples: samples.subarray(at(startMs), at(endMs)), sampleRate };
}

/** How a recording is listened through. */
type HearOptions = {
  /** What is expected to be said. */
  listeningOptions: ListeningOptions;
  /** Told how much is done, after each second of sound. What it throws ends it. */
  onProgress: (doneMs: number, totalMs: number) => unknown;
};

// The best string, and what else it might be.
const N_STRINGS = 3;

/**
 * Hears the digits of a whole recording.
 *
 * @param model The stream model.
 * @param clip The recording.
 * @param options See {@link HearOptions}.
 * @throws {InvalidArgumentError} The length that is expected is none.
 */
function hearDigits(
  model: StreamModel,
  { samples, sampleRate }: AudioClip,
  { listeningOptions, onProgress }: HearOptions,
): Promise<Transcript> {
  const { expect, length } = listeningOptions;
  return transcribe(model, samples, {
    sampleRate,
    expect,
    length: length ?? undefined,
    alternatives: N_STRINGS,
    onProgress,
  });
}
