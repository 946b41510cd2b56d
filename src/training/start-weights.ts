// What a training, or an average of several, reads of the file whose weights it starts from: a checkpoint or a model.

import { readFile } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";
import { type Metadata, readOnnx } from "../graph/onnx-file.ts";
import { verifyChecksum } from "../model/model-file.ts";
import { CHECKPOINT_FORMAT, loadTrainedWeights, readCheckpointCorpora } from "./checkpoint.ts";
import type { WeightLayout } from "./weight-layout.ts";

/**
 * Reads the weights that a training starts from.
 *
 * @param path A checkpoint, of which the moving average is taken, or a model file.
 * @param layout Of the net to be trained.
 * @returns Flat.
 * @throws {CheckpointError} There is no such file, it is damaged, or of another net.
 */
export async function loadStartWeights(path: string, layout: WeightLayout): Promise<Float32Array> {
  const { metadata, constants } = await readContents(path);
  if (metadata.format === CHECKPOINT_FORMAT) return loadTrainedWeights(path, layout.size);
  const flat = new Float32Array(layout.size);
  for (const { name, offset, length } of [...layout.parameters, ...layout.statistics]) {
    const data = constants.get(name)?.data;
    if (data?.length !== length) {
      throw new CheckpointError(
        `start weights ${path}: needs ${length} numbers as ${name}, got ${data?.length ?? "none"}; it is of another net`,
      );
    }
    flat.set(data, offset);
  }
  return flat;
}

/**
 * Names of the corpora that the weights were trained on that a training starts from.
 *
 * @param path As for {@link loadStartWeights}.
 * @returns None where the file does not say.
 * @throws {CheckpointError} There is no such file, or it is damaged.
 */
export async function readStartCorpora(path: string): Promise<string[]> {
  const { metadata } = await readContents(path);
  if (metadata.format === CHECKPOINT_FORMAT) return readCheckpointCorpora(path);
  const { corpora } = JSON.parse(metadata.training ?? "{}") as { corpora?: string[] };
  return corpora ?? [];
}

/**
 * What a file of weights says of itself.
 *
 * @param path As for {@link loadStartWeights}.
 * @throws {CheckpointError} There is no such file, or it is damaged.
 */
export async function readStartMetadata(path: string): Promise<Metadata> {
  return (await readContents(path)).metadata;
}

async function readContents(path: string) {
  try {
    const bytes = await readFile(path);
    verifyChecksum(bytes);
    return readOnnx(bytes);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new CheckpointError(
      `start weights ${path}: ${isMissing ? "there is none" : "the file is damaged"}`,
      {
        cause,
      },
    );
  }
}
