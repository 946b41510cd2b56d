// A model file made ready to hear digits in streams. The caller hands in the ONNX runtime, native or WebAssembly.

import type { Tensor } from "onnxruntime-common";
import { ModelFormatError, VoiceProfileError } from "../errors.ts";
import { exposeLayerInput, readOnnx } from "../graph/onnx-file.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import { sizeOf } from "../graph/value.ts";
import { MEL_FLOOR } from "../model/log-mel.ts";
import { type ModelSession, openSession, type SessionSettings, verifyChecksum } from "../model/model-file.ts";
import type { LabelledTake } from "../model/teach-voice.ts";
import { readVoiceProfile, type StreamVoice, type VoiceProfile } from "../model/voice-profile.ts";
import type { FrameStream, PieceRunner } from "./frame-stream.ts";
import { createFrameStream, MAX_PIECE_FRAMES } from "./frame-stream.ts";
import type { StreamModelInfo } from "./stream-metadata.ts";
import { readStreamModelInfo } from "./stream-metadata.ts";
import { FEATURE_COUNT, OUTPUT_COUNT, STATE_HOP, STREAM_LOG_MEL } from "./stream-net.ts";
import { PAST_INPUT, PAST_OUTPUT } from "./stream-past.ts";
import { applyVoiceInPlace, asStream, fitStreamVoice, type HeardFrame } from "./stream-voice.ts";

export type { StreamModelInfo } from "./stream-metadata.ts";

/** Settings of {@link createStreamModel}. */
export type StreamModelOptions = Pick<SessionSettings, "sessionOptions"> & {
  /** The speaker's own voice. Default: none. */
  voice?: VoiceProfile;
};

/** Hears digits in any number of streams; `createRecognizer` is the way in. */
export type StreamModel = {
  /** What the model file says of itself. */
  readonly info: StreamModelInfo;
  /** Checksum of the model file, 8 hex digits. */
  readonly checksum: string;
  /**
   * @param voice Taught to the same model, or for single digits alone, which changes nothing here; null: nobody's.
   * @returns A stream model on the same file, released with this one.
   * @throws {VoiceProfileError} `voice-format`: the profile is damaged, or of another model.
   */
  withVoice(voice: VoiceProfile | null): StreamModel;
  /**
   * Learns a voice; `teachVoice` is the way in.
   *
   * @param takes Of one digit each.
   * @returns Null where no word fits into its take.
   */
  learnVoice(takes: readonly LabelledTake[]): Promise<StreamVoice | null>;
  /**
   * Begins a stream of the net's answers.
   *
   * @param onColumns Told the new columns of the spectrogram that the net sees, the oldest first, each of nMels log-mel
   *   values, the lowest band first; two for each frame. Default: nobody.
   */
  openFrames(onColumns?: (columns: Float32Array) => void): FrameStream;
  /** Frees the model's memory; may be called twice. */
  release(): Promise<void>;
};

/**
 * Makes a model file ready to hear digits in streams.
 *
 * @param ort `onnxruntime-node`, `onnxruntime-web` or another of their kind.
 * @param bytes The file of a stream model.
 * @param options See {@link StreamModelOptions}.
 * @throws {ModelFormatError} The file is no stream model of this package, or damaged.
 * @throws {VoiceProfileError} The voice is of another model.
 */
export async function createStreamModel(
  ort: OnnxRuntime,
  bytes: Uint8Array,
  options: StreamModelOptions = {},
): Promise<StreamModel> {
  const checksum = verifyChecksum(bytes);
  const info = readStreamModelInfo(bytes);
  const exposed = exposeLayerInput(bytes, "states.weight");
  const session = await openSession(ort, exposed.bytes, options);
  const outputs = readOnnx(bytes).outputs.map(({ name }) => name);
  const run = createRun(ort, session, { outputs, features: exposed.inputName });
  const beginning = await pastOfSilence(ort, bytes, run);
  return streamModelOf({ info, checksum, run, beginning, release: session.release }, options.voice ?? null);
}

type LoadedNet = Pick<StreamModel, "info" | "checksum" | "release"> & { run: Run; beginning: PastTensors };

function streamModelOf(net: LoadedNet, given: VoiceProfile | null): StreamModel {
  const { info, checksum, release } = net;
  const voice = given && checkVoice(given, net);
  const onFrame = voice ? (frame: HeardFrame) => applyVoiceInPlace(frame, voice) : null;
  return {
    info,
    checksum,
    release,
    withVoice: (other) => streamModelOf(net, other),
    openFrames: (onColumns) => createFrameStream(createRunner(net, { onFrame, onColumns })),
    async learnVoice(takes) {
      const heard: { label: number; frames: HeardFrame[] }[] = [];
      for (const take of takes) {
        const frames: HeardFrame[] = [];
        const stream = createFrameStream(createRunner(net, { onFrame: (frame) => frames.push(frame) }));
        await stream.push(asStream(take, info.sampleRate));
        await stream.end();
        heard.push({ label: take.label, frames });
      }
      const fitted = fitStreamVoice(heard);
      return fitted && { model: checksum, ...fitted };
    },
  };
}

/** What a profile changes here; null: nothing. */
function checkVoice(given: VoiceProfile, { checksum }: Pick<LoadedNet, "checksum">): StreamVoice | null {
  const { stream } = readVoiceProfile(given);
  if (!stream) return null;
  const { weights, features } = stream.states[0]!;
  const fits = weights.length === OUTPUT_COUNT && features.length === FEATURE_COUNT;
  if (stream.model === checksum && fits) return stream;
  throw new VoiceProfileError(
    "voice-format",
    `voice profile: for numbers it was taught to the model ${stream.model}, this one is ${checksum}; teach it again`,
  );
}

/** What the model keeps of a stream, by the names of its inputs. */
type PastTensors = Readonly<Record<string, Tensor>>;

/** Runs the model: from samples and what it kept to its rows, [n, OUTPUT_COUNT], and what it keeps. */
type Run = (
  samples: Float32Array,
  past: PastTensors,
  wanted?: { features: boolean },
) => Promise<{
  rows: Float32Array;
  /** What goes into the last layer, [n, FEATURE_COUNT], where it is wanted. */
  features?: Float32Array;
  /** The spectrogram's new columns, [1, nMels, 2 n]. */
  logMel: Tensor;
  next: PastTensors;
}>;

function createRun(
  ort: OnnxRuntime,
  session: ModelSession,
  names: { outputs: readonly string[]; features: string },
): Run {
  return async (samples, past, wanted) => {
    const feeds = { ...past, samples: new ort.Tensor("float32", samples, [1, samples.length]) };
    const results = await session.run(
      feeds,
      wanted?.features ? [...names.outputs, names.features] : names.outputs,
    );
    const rows = checkedRows(results.log_probs, samples.length / STATE_HOP);
    const next = Object.keys(past).map((name) => [name, keptIn(results, name)] as const);
    const features = results[names.features]?.data as Float32Array | undefined;
    return { rows, features, logMel: results.log_mel!, next: Object.fromEntries(next) };
  };
}

function keptIn(results: Readonly<Record<string, Tensor>>, input: string): Tensor {
  const kept = results[input.replace(PAST_INPUT, PAST_OUTPUT)];
  if (kept) return kept;
  throw new ModelFormatError(`stream model: it takes ${input} and does not give it back`);
}

/** What a model keeps when nothing but silence went before: what it keeps after a piece of it. */
async function pastOfSilence(ort: OnnxRuntime, bytes: Uint8Array, run: Run): Promise<PastTensors> {
  const zeros = readOnnx(bytes)
    .inputs.filter(({ name }) => name.startsWith(PAST_INPUT))
    .map(({ name, shape }) => {
      const lengths = shape.map(Number);
      return [name, new ort.Tensor("float32", new Float32Array(sizeOf(lengths)), lengths)] as const;
    });
  const { next } = await run(new Float32Array(MAX_PIECE_FRAMES * STATE_HOP), Object.fromEntries(zeros));
  return next;
}

type Watchers = {
  /** Told each frame that is computed, and may change its row; null: nobody. */
  onFrame: ((frame: HeardFrame) => void) | null;
  onColumns?: ((columns: Float32Array) => void) | undefined;
};

function createRunner(
  { run, beginning }: Pick<LoadedNet, "run" | "beginning">,
  { onFrame, onColumns }: Watchers,
): PieceRunner {
  let past = beginning;
  return {
    async run(samples) {
      const { rows, features, logMel, next } = await run(samples, past, { features: onFrame !== null });
      past = next;
      onColumns?.(columnsIn(logMel));
      if (onFrame) for (const frame of framesIn(rows, features!)) onFrame(frame);
      return rows;
    },
    reset() {
      past = beginning;
      onColumns?.(SILENT_COLUMNS);
    },
  };
}

/** What the net would see of a frame in silence. */
const SILENT_COLUMNS = new Float32Array((STATE_HOP / STREAM_LOG_MEL.hopLength) * STREAM_LOG_MEL.nMels).fill(
  Math.log(MEL_FLOOR),
);

/** [1, nMels, n] as one column after another. */
function columnsIn({ data, dims }: Tensor): Float32Array {
  const [, nMels, nColumns] = dims as [number, number, number];
  return Float32Array.from(data as Float32Array, (_, i) => {
    return Number(data[(i % nMels) * nColumns + Math.floor(i / nMels)]);
  });
}

/** Views on the rows and features of each frame. */
function framesIn(rows: Float32Array, features: Float32Array): HeardFrame[] {
  return Array.from({ length: rows.length / OUTPUT_COUNT }, (_, i) => ({
    logProbs: rows.subarray(i * OUTPUT_COUNT, (i + 1) * OUTPUT_COUNT),
    features: features.subarray(i * FEATURE_COUNT, (i + 1) * FEATURE_COUNT),
  }));
}

function checkedRows(logProbs: Tensor | undefined, nFrames: number): Float32Array {
  const data = logProbs?.data;
  const isWhole = data instanceof Float32Array && data.length === nFrames * OUTPUT_COUNT;
  if (isWhole && !data.some(Number.isNaN)) return data;
  throw new ModelFormatError("stream model: its outputs are something else than the states of frames");
}
