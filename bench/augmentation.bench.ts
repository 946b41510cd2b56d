// On the clips of FSDD where SPOKEN_DIGITS_DATA names them, else on synthetic ones of the same lengths.

import { createRealFft } from "../src/audio/fft.ts";
import type { Clips } from "../src/corpus/dataset.ts";
import { findCorpus } from "../src/corpus/find-corpus.ts";
import { readFsdd } from "../src/corpus/fsdd.ts";
import { loadDatasets } from "../src/corpus/load-samples.ts";
import { createRandom } from "../src/random.ts";
import type { AugmentationSettings } from "../src/training/arithmetic/augmentation-settings.ts";
import { createBatchSource } from "../src/training/arithmetic/batch-source.ts";
import { allocateBatch, drawBatch } from "../src/training/arithmetic/draw-batch.ts";
import { DEFAULT_AUGMENTATION } from "../src/training/recipe.ts";
import { asClips } from "../test/support/made-up-clips.ts";
import { NO_AUGMENTATION } from "../test/support/no-augmentation.ts";
import { timeCalls } from "./measure.ts";
import { type Result, timingResult } from "./result.ts";

const BATCH = { batchSize: 64, nMels: 64, nFrames: 64 };
const TIMING = { durationMs: 700 };

const RECIPES: Record<string, AugmentationSettings> = {
  "all of the default": DEFAULT_AUGMENTATION,
  "nothing but placing": NO_AUGMENTATION,
  "equaliser only": { ...NO_AUGMENTATION, equaliserProbability: 1 },
  "reverberation only": { ...NO_AUGMENTATION, reverbProbability: 1 },
  "noise only": { ...NO_AUGMENTATION, noiseProbability: 1 },
  "none examples only": { ...NO_AUGMENTATION, noneShare: 1 },
};

/** Time to draw one training example, by what is done to it, and of the Fourier transforms in it. */
export async function benchAugmentation(): Promise<Result[]> {
  const digits = process.env.SPOKEN_DIGITS_DATA ? await fsddClips() : syntheticClips();
  const results: Result[] = [];
  for (const size of [4096, 16384]) results.push(await timeFft(size));
  for (const [name, settings] of Object.entries(RECIPES)) {
    results.push(await timeExamples(name, digits, settings));
  }
  return results;
}

async function timeFft(size: number): Promise<Result> {
  const fft = createRealFft(size);
  const samples = whiteNoise(createRandom(size), size);
  const spectrum = new Float32Array(size + 2);
  const timing = await timeCalls(() => {
    fft.forwardInto(samples, spectrum);
    fft.inverseInto(spectrum, samples);
  }, TIMING);
  return timingResult(`real FFT of ${size}, there and back`, timing);
}

async function timeExamples(name: string, digits: Clips, settings: AugmentationSettings): Promise<Result> {
  const recordedNoise = Array.from({ length: 6 }, (_, i) => whiteNoise(createRandom(1, i), 40_000));
  const source = createBatchSource({ data: { digits, noise: asClips(recordedNoise) }, seed: 1, settings });
  const into = allocateBatch({ count: BATCH.batchSize, ...BATCH });
  const { medianMs, p95Ms, cpuMs } = await timeCalls(
    (step) => drawBatch(source, { ...BATCH, step, into }),
    TIMING,
  );
  const perExample = (ms: number) => ms / BATCH.batchSize;
  return timingResult(`an example: ${name}`, {
    medianMs: perExample(medianMs),
    p95Ms: perExample(p95Ms),
    cpuMs: perExample(cpuMs),
  });
}

async function fsddClips(): Promise<Clips> {
  const recordings = await readFsdd(await findCorpus("fsdd"));
  return (await loadDatasets([{ role: "digits", recordings }])).digits!;
}

function syntheticClips(): Clips {
  const lengths = createRandom(2);
  const clips = Array.from({ length: 300 }, (_, i) =>
    whiteNoise(createRandom(3, i), lengths.integer(2000, 6000)),
  );
  return asClips(
    clips,
    clips.map((_, i) => i % 10),
  );
}

function whiteNoise(random: { normal(): number }, length: number): Float32Array {
  return Float32Array.from({ length }, () => 0.1 * random.normal());
}
