// From the bytes of a recording to a prediction, as the options of a command say. Everything heavy is loaded on demand.

import type { Command } from "commander";
import { FileError } from "../errors.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import type { Threshold } from "../model/operating-points.ts";
import type { RecordingPrediction } from "../model/recording-classifier.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { parseThreshold } from "./option-values.ts";
import type { LinePrinter } from "./output-format.ts";

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

/** Predicts which digit the bytes of an audio file hold. */
export type FileClassifier = {
  /** What the model file says of itself. */
  readonly info: ModelInfo;
  /** Decodes, prepares and classifies one audio file; throws `AudioFormatError`. */
  classify(bytes: Uint8Array): Promise<FilePrediction>;
  /** Frees the model. */
  release(): Promise<void>;
};

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
export async function createFileClassifier(settings: ClassifierSettings): Promise<FileClassifier> {
  const { model, threshold, voice: voicePath } = settings;
  const [{ loadClassifier }, { classifyRecording }, { createHearString, loadOnce }] = await Promise.all([
    import("../model/load-classifier.ts"),
    import("../model/recording-classifier.ts"),
    import("../recordings/recordings.ts"),
  ]);
  const voice = voicePath === undefined ? undefined : await readVoiceFile(voicePath);
  const classifier = await loadClassifier({ model, threshold, voice });
  const hearString = createHearString(
    loadOnce(async () => (await import("../live/load-stream-model.ts")).loadStreamModel()),
  );
  return {
    info: classifier.info,
    classify: (bytes) => classifyRecording(classifier, bytes, { ...settings, hearString }),
    release: () => classifier.release(),
  };
}

async function readVoiceFile(path: string): Promise<VoiceProfile> {
  const [{ readFile }, { readVoiceProfile }] = await Promise.all([
    import("node:fs/promises"),
    import("../model/voice-profile.ts"),
  ]);
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new FileError(`--voice: cannot read ${path}: ${cause.message}`, { cause });
  });
  return readVoiceProfile(text);
}
