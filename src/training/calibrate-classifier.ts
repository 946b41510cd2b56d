// A trained classifier made ready for use: its confidence is the share that is right, on speakers who did not train.

import * as ort from "onnxruntime-node";
import { prepareRecording } from "../audio/prepare-recording.ts";
import { type Dataset, recordingsOf } from "../corpus/dataset.ts";
import { loadSamplesOnce } from "../corpus/load-samples.ts";
import { classOf, type Recording } from "../corpus/recording.ts";
import { buildReport, type EvaluationRow } from "../evaluation/report.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import { CLASS_COUNT } from "../model/architectures.ts";
import { createClassifier } from "../model/classifier.ts";
import type { Weights } from "../model/layers.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import type { OperatingPoints, Prediction } from "../model/prediction.ts";
import { createRandom } from "../random.ts";
import { createSpeechPieces } from "./arithmetic/speech-pieces.ts";
import { type CalibrationOptions, calibrate, withCalibration } from "./calibrate-model.ts";
import { classifierTask } from "./classifier-task.ts";
import { type ClassifierRecipe, createRecipe } from "./recipe.ts";

/** A net; where it is calibrated, its recipe has the threshold that was chosen for it. */
export type CalibratedNet = {
  weights: Weights;
  recipe: ClassifierRecipe;
  operatingPoints?: OperatingPoints;
};

/** Recordings of speakers who did not train. */
export type CalibrationRecordings = {
  /** One digit, or another word, in each. */
  words: readonly Recording[];
  /** Of which pieces without a digit are cut; may be none. */
  fluent: readonly Recording[];
};

const NONE = CLASS_COUNT - 1;
/** Pieces of fluent speech: about as many as there are negatives among the words. */
const PIECE_COUNT = 1000;
const SEED = 1;

/**
 * Chooses temperature, bias and thresholds by recordings as they are and with silence cut off.
 *
 * @param net As it was trained.
 * @param known See {@link CalibrationRecordings}.
 * @param options See {@link CalibrationOptions}.
 * @throws {FileError} A recording cannot be read.
 * @throws {AudioFormatError} A recording cannot be decoded.
 */
export async function calibrateClassifier(
  { weights, recipe }: CalibratedNet,
  { words, fluent }: CalibrationRecordings,
  options: CalibrationOptions = {},
): Promise<Required<CalibratedNet>> {
  const pieces = await piecesOf(fluent);
  const whole = [...(await loadSamplesOnce(words)), ...pieces];
  const labels = [...words.map(classOf), ...pieces.map(() => NONE)];
  const trimmed = await Promise.all(
    whole.map((samples) => prepareRecording(samples, { sampleRate: SAMPLE_RATE })),
  );
  const conditions = [];
  for (const clips of [whole, trimmed]) {
    const predictions = await predictAll({ weights, recipe }, clips);
    conditions.push(predictions.map((prediction, i) => ({ ...prediction, label: labels[i]! })));
  }
  const calibration = calibrate(conditions, options);
  const { operatingPoints } = calibration;
  const { threshold } = operatingPoints.balanced;
  return {
    weights: withCalibration(weights, calibration),
    recipe: { ...recipe, threshold },
    operatingPoints,
  };
}

/** What there is to calibrate on. @param validation Recordings of speakers who did not train. */
export const calibrationOf = (validation: readonly Dataset[]): CalibrationRecordings => ({
  words: [...recordingsOf(validation, "digits"), ...recordingsOf(validation, "negatives")],
  fluent: recordingsOf(validation, "fluent"),
});

/**
 * Predicts recordings.
 *
 * @param net See {@link CalibratedNet}.
 * @param test Recordings of one word each.
 * @returns A row for each.
 */
export async function testNet(net: CalibratedNet, test: readonly Recording[]): Promise<EvaluationRow[]> {
  const predictions = await predictAll(net, await loadSamplesOnce(test));
  return predictions.map(({ topDigit, digit, confidence }, i) => {
    const { label, speaker, corpus, path } = test[i]!;
    return { label, topDigit, digit, confidence, speaker, corpus, path };
  });
}

/** Share of the digits whose likeliest digit is right, 0..1, by corpus. @param rows From {@link testNet}. */
export function accuracyByCorpus(rows: readonly EvaluationRow[]): Record<string, number> {
  const { byCorpus } = buildReport(rows).digits;
  return Object.fromEntries(
    Object.entries(byCorpus).map(([corpus, { accuracy }]) => [corpus, accuracy ?? 0]),
  );
}

async function predictAll(net: CalibratedNet, clips: readonly Float32Array[]): Promise<Prediction[]> {
  const { weights, recipe } = net;
  const classifier = await createClassifier(
    ort,
    classifierTask(recipe).buildModel(weights, { training: {} }),
  );
  try {
    return await classifier.classifyBatch(clips, { sampleRate: SAMPLE_RATE });
  } finally {
    await classifier.release();
  }
}

async function piecesOf(fluent: readonly Recording[]): Promise<Float32Array[]> {
  const samples = await loadSamplesOnce(fluent);
  const said = fluent.map(({ corpus, words }) => ({ corpus, words }));
  const draw = createSpeechPieces({ samples, labels: [], speakers: [], said });
  return draw ? Array.from({ length: PIECE_COUNT }, (_, i) => draw(createRandom(SEED, i))) : [];
}

/**
 * The same classifier, calibrated anew and measured.
 *
 * @param bytes A classifier's file.
 * @param validation Recordings of speakers who did not train.
 * @param test Digits, of which the file is to tell the share that is right, by corpus.
 * @param options See {@link CalibrationOptions}.
 * @throws {ModelFormatError} The file is none of ours.
 * @throws As {@link calibrateClassifier}.
 */
export async function recalibrated(
  bytes: Uint8Array,
  validation: readonly Dataset[],
  test: readonly Recording[],
  options: CalibrationOptions = {},
): Promise<{ model: Uint8Array<ArrayBuffer>; operatingPoints: OperatingPoints }> {
  const { architecture, training, trainingData, threshold } = readModelInfo(bytes);
  const net = { weights: readOnnx(bytes).constants, recipe: createRecipe(architecture, { threshold }) };
  const { weights, recipe, operatingPoints } = await calibrateClassifier(
    net,
    calibrationOf(validation),
    options,
  );
  const accuracy = accuracyByCorpus(await testNet({ weights, recipe }, test));
  const described = { training, trainingData, accuracy, operatingPoints };
  return {
    model: classifierTask(recipe).buildModel(weights, described),
    operatingPoints,
  };
}
