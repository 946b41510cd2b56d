import { loadStreamModel } from "../src/live/load-stream-model.ts";
import { createRecognizer } from "../src/live/recognizer.ts";
import { SAMPLE_RATE } from "../src/model/log-mel.ts";
import { createRandom } from "../src/random.ts";
import { timeCalls } from "./measure.ts";
import { type Result, timingResult } from "./result.ts";
import { readSampleClips } from "./sample-clips.ts";

const CHUNKS_PER_SECOND = 50;

/** What a second of a stream costs, on one thread: digits in a row at the model's rate and at that of sound cards. */
export async function benchLive(): Promise<Result[]> {
  return [await atRate(SAMPLE_RATE, 30), await atRate(48_000)];
}

async function atRate(sampleRate: number, atMostMs?: number): Promise<Result> {
  const model = await loadStreamModel();
  const recognizer = createRecognizer(model, { sampleRate });
  const stream = await digitsInARow(sampleRate);
  const timing = await timeCalls(async (i) => {
    for (let chunk = 0; chunk < CHUNKS_PER_SECOND; chunk++) {
      const length = sampleRate / CHUNKS_PER_SECOND;
      const start = ((i * CHUNKS_PER_SECOND + chunk) * length) % (stream.length - length);
      await recognizer.push(stream.subarray(start, start + length));
    }
  });
  await model.release();
  return timingResult(
    `a second of a stream at ${sampleRate / 1000} kHz, in chunks of 20 ms`,
    timing,
    atMostMs,
  );
}

/** The bundled recordings one after another, over faint noise, each sample repeated up to the rate. */
async function digitsInARow(sampleRate: number): Promise<Float32Array> {
  const random = createRandom(1);
  const repeats = sampleRate / SAMPLE_RATE;
  const samples = (await readSampleClips()).flatMap((clip) => Array.from(clip.samples));
  return Float32Array.from(
    { length: samples.length * repeats },
    (_, n) => samples[Math.floor(n / repeats)]! + 0.001 * random.normal(),
  );
}
