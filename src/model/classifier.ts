// A model file made ready to predict. The caller hands in the ONNX runtime, native or WebAssembly.

import type { InferenceSession, Tensor } from "onnxruntime-common";
import { checkMagnitudes } from "../audio/audio-clip.ts";
import { createDcBlocker, isSilent, offsetOf, withoutTones } from "../audio/offset-and-tones.ts";
import { resample } from "../audio/resample.ts";
import { AudioFormatError, InvalidArgumentError, ModelFormatError, VoiceProfileError } from "../errors.ts";
import { exposeLayerInput } from "../graph/onnx-file.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import { SAMPLE_RATE, WINDOW_SAMPLES } from "./log-mel.ts";
import { openSession, type SessionSettings, verifyChecksum } from "./model-file.ts";
import { type ModelInfo, readModelInfo } from "./model-metadata.ts";
import { decide, type Prediction, resolveThreshold, type Spectrogram, type Threshold } from "./prediction.ts";
import { logitsOfVoice, readVoiceProfile, type VoiceProfile } from "./voice-profile.ts";

/** Settings of a classifier. */
export type ClassifierOptions = SessionSettings & {
  /** Least confidence for a digit, 0..1, or the name of an operating point. Default: the model's own. */
  threshold?: Threshold;
  /** The speaker's own voice, taught to the same model. Default: none. */
  voice?: VoiceProfile;
};

/** Settings of one call. */
export type ClassifyOptions = {
  /** Hz; what is not 8 kHz is resampled. */
  sampleRate: number;
  /** Whether the spectrogram that the net saw comes along. Default: false. */
  logMel?: boolean;
};

/** What the net makes of a recording, before any voice. */
export type Features = {
  /** Mean of what goes into the last layer. */
  features: Float32Array;
  /** One number a class. */
  logits: Float32Array;
};

/** Predicts which digit a recording holds. */
export type Classifier = {
  /** What the model file says of itself. */
  readonly info: ModelInfo;
  /** Checksum of the model file, 8 hex digits: which voice profiles belong to it. */
  readonly checksum: string;
  /**
   * @param voice Taught to the same model; null: nobody's.
   * @returns A classifier on the same model, released with this one.
   * @throws {VoiceProfileError} `voice-format`: the profile is damaged, or of another model.
   */
  withVoice(voice: VoiceProfile | null): Classifier;
  /**
   * What voices are taught from.
   *
   * @param samples As for `classify`.
   * @param options.sampleRate Hz.
   * @throws As `classify`.
   */
  featuresOf(samples: Float32Array, options: { sampleRate: number }): Promise<Features>;
  /**
   * @param samples Mono, nominally -1..1, any length from 1.
   * @param options See {@link ClassifyOptions}.
   * @returns With `logMel` where the options ask for it.
   * @throws {InvalidArgumentError} `samples` is no Float32Array, or the sample rate is out of range.
   * @throws {AudioFormatError} There are no samples, or one is not finite or beyond 1e9.
   */
  classify(samples: Float32Array, options: ClassifyOptions): Promise<Prediction>;
  /**
   * @param clips Recordings as for `classify`, all at one rate; each gets the prediction that it would get alone.
   * @param options.sampleRate Hz.
   * @throws As `classify`.
   */
  classifyBatch(clips: readonly Float32Array[], options: { sampleRate: number }): Promise<Prediction[]>;
  /** Frees the model's memory; may be called twice. */
  release(): Promise<void>;
};

/**
 * Makes a model file ready to predict.
 *
 * @param ort `onnxruntime-node`, `onnxruntime-web` or another of their kind.
 * @param bytes A model file of this package.
 * @param options See {@link ClassifierOptions}.
 * @throws {ModelFormatError} The file is none of ours, or damaged.
 * @throws {InvalidArgumentError} The threshold is neither 0..1 nor an operating point of the model.
 * @throws {VoiceProfileError} The voice is of another model.
 */
export async function createClassifier(
  ort: OnnxRuntime,
  bytes: Uint8Array,
  options: ClassifierOptions = {},
): Promise<Classifier> {
  const checksum = verifyChecksum(bytes);
  const info = readModelInfo(bytes);
  const threshold = resolveThreshold(info, options.threshold);
  const exposed = exposeLayerInput(bytes, "classes.weight");
  const session = await openSession(ort, exposed.bytes, options);
  const net: LoadedNet = { ort, info, checksum, threshold, featuresName: exposed.inputName, ...session };
  return classifierOf(net, options.voice ?? null);
}

type LoadedNet = Pick<Classifier, "info" | "checksum" | "release"> & {
  ort: OnnxRuntime;
  threshold: number;
  featuresName: string;
  run(
    feeds: { input_values: Tensor },
    outputs: readonly string[],
  ): Promise<InferenceSession.OnnxValueMapType>;
};

function classifierOf(net: LoadedNet, given: VoiceProfile | null): Classifier {
  const voice = given && checkVoice(given, net);
  const { ort, threshold } = net;
  const classifyWindows = async (clips: readonly Float32Array[], wanted: readonly string[]) => {
    const start = performance.now();
    const outputs = voice ? [...wanted, net.featuresName] : wanted;
    const results = await net.run({ input_values: stack(ort, clips.map(withoutTones)) }, outputs);
    const ms = (performance.now() - start) / clips.length;
    const features = voice && meansOf(results[net.featuresName] as Tensor, clips.length);
    const predictions: Prediction[] = rowsOf(results.logits as Tensor).map((row, i) => ({
      ...decide(voice ? logitsOfVoice(finite(row), features![i]!, voice) : finite(row), {
        threshold,
        isSilent: isSilent(clips[i]!),
      }),
      ms,
    }));
    return { predictions, logMel: results.log_mel as Tensor | undefined };
  };
  return {
    info: net.info,
    checksum: net.checksum,
    release: net.release,
    withVoice: (other) => classifierOf(net, other),
    async featuresOf(samples, options) {
      const clip = atModelRate(samples, options);
      const results = await net.run({ input_values: stack(ort, [withoutTones(clip)]) }, [
        "logits",
        net.featuresName,
      ]);
      const [logits] = rowsOf(results.logits as Tensor);
      return { logits: finite(logits!), features: meansOf(results[net.featuresName] as Tensor, 1)[0]! };
    },
    async classify(samples, options) {
      const start = performance.now();
      const outputs = options.logMel ? ["logits", "log_mel"] : ["logits"];
      const { predictions, logMel } = await classifyWindows([atModelRate(samples, options)], outputs);
      const prediction = { ...predictions[0]!, ms: performance.now() - start };
      return logMel ? { ...prediction, logMel: spectrogramOf(logMel) } : prediction;
    },
    async classifyBatch(clips, options) {
      const ready = clips.map((clip) => atModelRate(clip, options));
      const all = new Array<Prediction>(ready.length);
      for (const group of groupsOfOneLength(ready)) {
        const { predictions } = await classifyWindows(
          group.map((i) => ready[i]!),
          ["logits"],
        );
        for (const [k, i] of group.entries()) all[i] = predictions[k]!;
      }
      return all;
    },
  };
}

function checkVoice(given: VoiceProfile, { checksum }: Pick<Classifier, "checksum">): VoiceProfile {
  const voice = readVoiceProfile(given);
  if (voice.model === checksum) return voice;
  throw new VoiceProfileError(
    "voice-format",
    `voice profile: it was taught to the model ${voice.model}, this one is ${checksum}; teach it again`,
  );
}

/** A net that hears a recording through several filter banks has a row for each of them. @returns One mean a recording. */
function meansOf(rows: Tensor, nClips: number): Float32Array[] {
  const all = rowsOf(rows);
  const each = all.length / nClips;
  return Array.from({ length: nClips }, (_, clip) => {
    const own = all.slice(clip * each, (clip + 1) * each);
    return own[0]!.map((_, i) => own.reduce((sum, row) => sum + row[i]!, 0) / each);
  });
}

/**
 * Recordings that go through the net together at most. With 64 the values between layers leave the caches: `standard`
 * takes 25 % longer a recording and 530 MB more.
 */
const MAX_BATCH = 8;

function atModelRate(samples: Float32Array, { sampleRate }: { sampleRate: number }): Float32Array {
  if (!(samples instanceof Float32Array)) {
    throw new InvalidArgumentError(
      "classify: samples must be a Float32Array; for the bytes of a file there is classifyRecording",
    );
  }
  if (samples.length === 0) throw new AudioFormatError("audio-no-samples", "classify: there are no samples");
  checkMagnitudes("classify", samples);
  const isReady = sampleRate === SAMPLE_RATE;
  const ready = isReady ? samples : resample(samples, { sourceRate: sampleRate, targetRate: SAMPLE_RATE });
  return offsetOf(ready) !== 0 ? createDcBlocker(SAMPLE_RATE)(ready) : ready;
}

/** Clips of one padded length as the rows of a tensor, each in the middle as the model itself would pad it. */
function stack(ort: OnnxRuntime, clips: readonly Float32Array[]) {
  if (clips.length === 1) return new ort.Tensor("float32", clips[0]!, [1, clips[0]!.length]);
  const length = paddedLength(clips[0]!);
  const rows = new Float32Array(clips.length * length);
  clips.forEach((clip, i) => {
    rows.set(clip, i * length + Math.floor((length - clip.length) / 2));
  });
  return new ort.Tensor("float32", rows, [clips.length, length]);
}

/** The first of a batch. */
function spectrogramOf(logMel: Tensor): Spectrogram {
  const [, nMels, nFrames] = logMel.dims as [number, number, number];
  return { data: rowsOf(logMel)[0]!, nMels, nFrames };
}

function rowsOf({ data, dims }: Tensor): Float32Array[] {
  const size = data.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, i) => (data as Float32Array).slice(i * size, (i + 1) * size));
}

function finite(logits: Float32Array): Float32Array {
  if (logits.every(Number.isFinite)) return logits;
  throw new ModelFormatError("model file: its output holds numbers that are not finite");
}

const paddedLength = (clip: Float32Array) => Math.max(clip.length, WINDOW_SAMPLES);

/** Places of the clips, those of equal padded length together, at most MAX_BATCH in a group. */
function groupsOfOneLength(clips: readonly Float32Array[]): number[][] {
  const groups: number[][] = [];
  const open = new Map<number, number[]>();
  for (const [i, clip] of clips.entries()) {
    const length = paddedLength(clip);
    const group = open.get(length);
    if (group && group.length < MAX_BATCH) group.push(i);
    else {
      const started = [i];
      open.set(length, started);
      groups.push(started);
    }
  }
  return groups;
}
