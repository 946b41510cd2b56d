// A classifier's file calibrated anew, and measured: an average of several models is not calibrated.

import type { Dataset } from "../corpus/dataset.ts";
import type { Recording } from "../corpus/recording.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import type { OperatingPoints } from "../model/prediction.ts";
import { accuracyByCorpus, calibrateClassifier, calibrationOf, testNet } from "./calibrate-classifier.ts";
import type { CalibrationOptions } from "./calibrate-model.ts";
import { classifierTask } from "./classifier-task.ts";
import { createRecipe } from "./recipe.ts";

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
