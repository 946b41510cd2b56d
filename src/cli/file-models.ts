// From the bytes of a recording to what is said in it, as the options of a command say. Everything heavy is loaded on
// demand.

import { type Command, Option } from "commander";
import { asFileError } from "../file-error.ts";
import { EXPECTATIONS, type Expectation, parseNumberLength } from "../live/decoding.ts";
import type { DigitEvent } from "../live/digit-event.ts";
import { loadClassifier, loadStreamModel } from "../load-models.ts";
import { loadOnce } from "../model/model-file.ts";
import type { Threshold } from "../model/prediction.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import type { RecordingPrediction, RecordingTranscript } from "../recordings/recordings.ts";
import { fileInput, readPlainFile } from "./audio-inputs.ts";
import { parseProbability, parseThreshold } from "./option-values.ts";
import { type LinePrinter, outcomeOf } from "./output-format.ts";

/** What {@link addClassifierOptions} gives to a command's action. */
export type ClassifierSettings = {
  /** `compact`, `standard` or the path of a model file. */
  model: string;
  /** Least confidence for a digit, 0..1. Default: the model's own. */
  threshold?: Threshold;
  /** Path of the speaker's voice profile. Default: nobody's. */
  voice?: string;
  /** Whether noise is reduced first. */
  denoise?: boolean;
  /** Whether silence is cut off both ends first. */
  trim: boolean;
};

/** The prediction for a file, without the spectrogram that the net saw. */
export type FilePrediction = Omit<RecordingPrediction, "logMel">;

/** How a prediction looks in a line; without the time it took, which differs from run to run. */
export const PREDICTION_LINE: LinePrinter<FilePrediction> = {
  json: ({ digit, confidence, probs, none, string }) => ({ digit, confidence, probs, none, string }),
  csv: {
    columns: ["digit", "confidence", "none", "string"],
    cells: ({ digit, confidence, none, string }) => [digit, confidence.toFixed(4), none, string],
  },
};

/** What files are heard for, and by which model. */
export type FileTask =
  | { task: "digit"; model: ClassifierSettings }
  | { task: "number"; model: StreamModelSettings };

/** Hears audio files, for one digit or for a number. */
export type FileHearer<Result> = {
  /** Decodes, prepares and hears one audio file; throws `AudioFormatError`. */
  hear(bytes: Uint8Array, options?: HearOptions): Promise<Result>;
  /** Frees the model. */
  release(): Promise<void>;
};

/** How a number that is listened for is reported on and given up while that lasts. */
type HearOptions = {
  /** Called after each second of audio with how much is done and how much there is. */
  onProgress?: (doneMs: number, totalMs: number) => void;
  /** Ends the work; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Loads what a task needs.
 *
 * @param settings Its kind and its model; see {@link createFileClassifier} and {@link createFileTranscriber}.
 */
export const createFileHearer = ({ task, model }: FileTask): Promise<FileHearer<FileResult>> =>
  task === "digit" ? createFileClassifier(model) : createFileTranscriber(model);

/**
 * Adds the options that say which model predicts and how a recording is prepared for it.
 *
 * @param command Is changed.
 * @returns The same command.
 */
export function addClassifierOptions(command: Command): Command {
  return command
    .option("--model <model>", "compact, standard, or the path of a model file", "compact")
    .option(
      "--threshold <p>",
      "least confidence for a digit: 0 to 1, strict, balanced or lenient (default: balanced)",
      parseThreshold,
    )
    .option("--voice <file>", "the speaker's voice profile, as `teach` writes it")
    .option("--denoise", "reduce steady noise first")
    .option("--no-trim", "leave silence at both ends in place");
}

/**
 * Loads a model and predicts by it.
 *
 * @param settings Which model, and how recordings are prepared.
 * @throws {ModelFormatError} The file is no model of this package.
 * @throws {FileError} The model file or the voice profile cannot be read.
 * @throws {VoiceProfileError} The voice profile is none, or of another model.
 */
export async function createFileClassifier(
  settings: ClassifierSettings,
): Promise<FileHearer<FilePrediction>> {
  const { model, threshold, voice: voicePath } = settings;
  const { classifyBytes } = await import("../recordings/recordings.ts");
  const classifier = await loadClassifier({ model, threshold, voice: await readVoiceFile(voicePath) });
  const options = { ...settings, loadStreamModel: loadOnce(() => loadStreamModel()) };
  return {
    hear: (bytes) => classifyBytes(classifier, bytes, options),
    release: () => classifier.release(),
  };
}

/**
 * Reads the profile that `--voice` names.
 *
 * @param path Where it is; undefined: nobody's.
 * @throws {FileError} It cannot be read.
 * @throws {VoiceProfileError} `voice-format`: it is none.
 */
export async function readVoiceFile(path: string | undefined): Promise<VoiceProfile | undefined> {
  if (path === undefined) return undefined;
  const [{ readFile }, { readVoiceProfile }] = await Promise.all([
    import("node:fs/promises"),
    import("../model/voice-profile.ts"),
  ]);
  const text = await readFile(path, "utf8").catch(asFileError(`--voice: cannot read ${path}`));
  return readVoiceProfile(text);
}

/** What {@link addStreamModelOptions} gives to a command's action. */
export type StreamModelSettings = {
  /** Path of a model file. Default: the one that ships with the package. */
  model?: string;
  /** Least confidence of a digit, 0..1. Default: the model's own. */
  threshold?: number;
  /** What is expected in the sound. Default: `any`. */
  expect?: Expectation;
  /** How long a number is, such as `4` or `3-3-4`. Default: any length. */
  length?: string;
  /** Strings to list. Default: 1. */
  alternatives?: number;
  /** Path of the speaker's voice profile. Default: nobody's. */
  voice?: string;
};

/** How a transcript looks in a line. */
export const TRANSCRIPT_LINE: LinePrinter<RecordingTranscript> = {
  json: ({ durationMs: _, ...transcript }) => transcript,
  csv: {
    columns: ["digits", "confidence", "duration_ms"],
    cells: ({ digits, confidence, durationMs }) => [digits, confidence.toFixed(4), Math.round(durationMs)],
  },
};

/** What is heard in a file. */
export type FileResult = FilePrediction | RecordingTranscript;

const MAX_DURATION_MS = 2 * 3_600_000;

/** Adds the options that say which model listens. @param command Is changed. @returns The same command. */
export function addStreamModelOptions(command: Command): Command {
  return addExpectationOptions(command)
    .option("--model <file>", "a model file (default: the one that ships)")
    .option(
      "--threshold <p>",
      "least confidence of a digit, 0 to 1 (default: the model's own)",
      parseProbability,
    )
    .option("--voice <file>", "the speaker's voice profile, as `teach` writes it");
}

/** Adds the options that say what is expected in the sound. @param command Is changed. @returns The same command. */
export function addExpectationOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--expect <what>",
        "digits and nothing else, numbers among anything else, or any single digit (default: any)",
      ).choices(EXPECTATIONS),
    )
    .option("--length <n>", "how long a number is: 4, 10, or in groups, 3-3-4 (default: any length)");
}

/**
 * Loads a model and hears numbers by it, in files of up to two hours.
 *
 * @param settings Which model, and what it takes for a digit.
 * @throws {InvalidArgumentError} The length is none.
 * @throws {ModelFormatError} The file is no model for streams of this package.
 * @throws {FileError} The model file or the voice profile cannot be read.
 * @throws {VoiceProfileError} The voice profile is none, or of another model.
 */
export async function createFileTranscriber(
  settings: StreamModelSettings,
): Promise<FileHearer<RecordingTranscript>> {
  const { model: path, voice, ...listening } = settings;
  if (listening.length !== undefined) parseNumberLength(listening.length);
  const { transcribeBytes } = await import("../recordings/recordings.ts");
  const model = await loadStreamModel({ model: path, voice: await readVoiceFile(voice) });
  return {
    hear: (bytes, { onProgress, signal } = {}) =>
      transcribeBytes(model, bytes, {
        ...listening,
        maxDurationMs: MAX_DURATION_MS,
        onProgress: (doneMs, totalMs) => {
          signal?.throwIfAborted();
          onProgress?.(doneMs, totalMs);
        },
      }),
    release: () => model.release(),
  };
}

/** What a task finds in a file. */
export type ResultOf<Task extends FileTask> = Task extends { task: "digit" }
  ? FilePrediction
  : RecordingTranscript;

/** Files that are heard. */
export type OpenFiles<Result> = {
  /** @param file One of them. @param options See {@link HearOptions}. */
  hear(file: string, options?: HearOptions): Promise<Result>;
  close(): Promise<void>;
};

/**
 * Prepares to hear the files of a command: in processes of their own, but for a single file that can be read here, which
 * saves the start of another.
 *
 * @param files Paths, or `-`.
 * @param task What is heard, with which model.
 * @param workers Processes. Default: one a core.
 * @throws What loading the model throws.
 */
export async function openFiles<Task extends FileTask>(
  files: readonly string[],
  task: Task,
  workers?: number,
): Promise<OpenFiles<ResultOf<Task>>> {
  const read = files.length === 1 ? await outcomeOf(() => readPlainFile(files[0]!)) : undefined;
  if (read && "error" in read) {
    return { hear: () => Promise.reject(read.error), close: () => Promise.resolve() };
  }
  const only = read?.result;
  if (only && "plain" in only) {
    const { hear, release } = (await createFileHearer(task)) as FileHearer<ResultOf<Task>>;
    return { hear: (_file, options) => hear(only.plain, options), close: release };
  }
  const { startFilePool } = await import("./file-pool.ts");
  const pool = await startFilePool(task, { files: files.length, workers });
  return {
    hear: async (file, { onProgress, signal } = {}) =>
      pool.call("hear", only?.input ?? (await fileInput(file)), {
        signal,
        onEvent: (progress) => onProgress?.(...progress),
      }),
    close: () => pool.close(),
  };
}

/** An event in words: how sure, and when in seconds. @param event Any. */
export function describeEvent(event: DigitEvent): string {
  const [start, end] = [event.startMs, event.endMs].map((ms) => (ms / 1000).toFixed(2));
  return `${event.digit}   ${(event.confidence * 100).toFixed(1).padStart(5)} %   ${start} - ${end} s`;
}
