import { createRecognizer } from "../src/live/recognizer.ts";
import { transcribe } from "../src/live/transcribe.ts";
import { loadStreamModel } from "../src/load-models.ts";
import { SAMPLE_RATE } from "../src/model/log-mel.ts";
import { createRandom } from "../src/random.ts";
import { timeCalls } from "./measure.ts";
import { benchPocketSphinx } from "./pocketsphinx.ts";
import type { Result } from "./result.ts";
import { readSampleClips } from "./sample-clips.ts";

const CHUNKS_PER_SECOND = 50;
/** Targets, in ms of processor time for a second of audio. */
const MOST_LIVE_MS = 6;
const MOST_WHOLE_MS = 2;
const WHOLE_SECONDS = 20;

/**
 * What a second of audio costs, on one thread: digits in a row at the model's rate and at that of sound cards, in chunks of
 * 20 ms, a whole recording, and, where it is installed, PocketSphinx with a grammar of digits on the same recording.
 */
export async function benchLive(): Promise<Result[]> {
  return [
    await atRate(SAMPLE_RATE, MOST_LIVE_MS),
    await atRate(48_000),
    await wholeRecording(),
    ...(await benchPocketSphinx(await digitsInARow(SAMPLE_RATE))),
  ];
}

async function wholeRecording(): Promise<Result> {
  const model = await loadStreamModel();
  const row = await digitsInARow(SAMPLE_RATE);
  const samples = Float32Array.from({ length: WHOLE_SECONDS * SAMPLE_RATE }, (_, n) => row[n % row.length]!);
  const { cpuMs } = await timeCalls(() => transcribe(model, samples, { sampleRate: SAMPLE_RATE }));
  await model.release();
  return {
    name: "a second of a whole recording, processor time",
    value: cpuMs / WHOLE_SECONDS,
    unit: "ms",
    target: { atMost: MOST_WHOLE_MS },
  };
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
  return {
    name: `a second of a stream at ${sampleRate / 1000} kHz, in chunks of 20 ms, processor time`,
    value: timing.cpuMs,
    unit: "ms",
    ...(atMostMs !== undefined && { target: { atMost: atMostMs } }),
  };
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
