// Time to draw training examples: npx tsx bench/augmentation.bench.ts
//
// On the clips of FSDD where SPOKEN_DIGITS_DATA names them, else on synthetic ones of the same lengths.

import { readFsdd } from "../src/corpus/fsdd.ts";
import { loadSamples } from "../src/corpus/load-samples.ts";
import { locateFsdd } from "../src/corpus/locate-fsdd.ts";
import { createRandom } from "../src/random.ts";
import {
  type AugmentationSettings,
  DEFAULT_AUGMENTATION,
  NO_AUGMENTATION,
} from "../src/training/arithmetic/augmentation-settings.ts";
import { createBatchSource } from "../src/training/arithmetic/batch-source.ts";
import { drawBatch } from "../src/training/arithmetic/draw-batch.ts";
import { createRealFft } from "../src/training/arithmetic/fft.ts";
import { allocateBatch } from "../src/training/arithmetic/training-batch.ts";

const BATCH = { batchSize: 64, nMels: 40, nFrames: 64 };
const STEPS = 30;
const WARM_UP_MS = 300;

type Clips = { clips: Float32Array[]; labels: number[] };

const { clips, labels } = process.env.SPOKEN_DIGITS_DATA ? await fsddClips() : syntheticClips();
const noise = Array.from({ length: 6 }, (_, i) => whiteNoise(createRandom(1, i), 40_000));

for (const size of [4096, 8192, 16384]) {
  const fft = createRealFft(size);
  const samples = whiteNoise(createRandom(size), size);
  const spectrum = new Float32Array(size + 2);
  report(
    `real FFT of ${size}, there and back`,
    timings(() => {
      fft.forwardInto(samples, spectrum);
      fft.inverseInto(spectrum, samples);
    }),
  );
}
reportBatches("the whole recipe", DEFAULT_AUGMENTATION);
reportBatches("nothing but placing", NO_AUGMENTATION);
reportBatches("equaliser only", { ...NO_AUGMENTATION, equaliserProbability: 1 });
reportBatches("reverberation only", { ...NO_AUGMENTATION, reverbProbability: 1 });
reportBatches("noise only", { ...NO_AUGMENTATION, noiseProbability: 1 });
reportBatches("none examples only", { ...NO_AUGMENTATION, noneShare: 1 });

function reportBatches(name: string, settings: AugmentationSettings): void {
  const begin = performance.now();
  const source = createBatchSource({ clips, labels, seed: 1, settings, recordedNoise: noise });
  const ready = performance.now() - begin;
  const into = allocateBatch({ count: BATCH.batchSize, ...BATCH });
  let step = 0;
  const perBatch = timings(() => drawBatch(source, { ...BATCH, step: step++, into }));
  report(
    `${name} (ready in ${ready.toFixed(0)} ms)`,
    perBatch.map((ms) => ms / BATCH.batchSize),
  );
}

function timings(run: () => void): number[] {
  const warm = performance.now() + WARM_UP_MS;
  while (performance.now() < warm) run();
  return Array.from({ length: STEPS }, () => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  }).sort((a, b) => a - b);
}

function report(name: string, sortedMs: number[]): void {
  const [median, p95] = [0.5, 0.95].map((share) => sortedMs[Math.floor(share * sortedMs.length)]!.toFixed(4));
  console.log(`${name}: median ${median} ms, p95 ${p95} ms`);
}

async function fsddClips(): Promise<Clips> {
  const recordings = await readFsdd(await locateFsdd());
  return { clips: await loadSamples(recordings), labels: recordings.map(({ label }) => Number(label)) };
}

function syntheticClips(): Clips {
  const lengths = createRandom(2);
  const clips = Array.from({ length: 300 }, (_, i) =>
    whiteNoise(createRandom(3, i), lengths.integer(2000, 6000)),
  );
  return { clips, labels: clips.map((_, i) => i % 10) };
}

function whiteNoise(random: { normal(): number }, length: number): Float32Array {
  return Float32Array.from({ length }, () => 0.1 * random.normal());
}
