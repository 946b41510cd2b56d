import { readFile } from "node:fs/promises";
import { createFileClassifier } from "../src/cli/file-models.ts";
import { loadClassifier } from "../src/load-models.ts";
import { SAMPLE_RATE } from "../src/model/log-mel.ts";
import { timeCalls } from "./measure.ts";
import { type Result, timingResult } from "./result.ts";
import { ROOT, readSampleClips } from "./sample-clips.ts";

/** Time to answer one recording on one thread: from samples, and from the bytes of a file as the command line does. */
export async function benchLatency(): Promise<Result[]> {
  return [
    await fromSamples("compact", 1),
    await fromSamples("standard", 8),
    await fromWav(),
    await fromHighRateWav(),
  ];
}

async function fromSamples(model: string, atMostMs: number): Promise<Result> {
  const clips = await readSampleClips();
  const classifier = await loadClassifier({ model, threads: 1 });
  const timing = await timeCalls((i) =>
    classifier.classify(clips[i % clips.length]!.samples, { sampleRate: SAMPLE_RATE }),
  );
  await classifier.release();
  return timingResult(`${model}: samples to answer`, timing, atMostMs);
}

async function fromWav(): Promise<Result> {
  const files = (await readSampleClips()).map(({ bytes }) => bytes);
  return timingResult("compact: WAV to answer", await timeFiles(files), 2);
}

async function fromHighRateWav(): Promise<Result> {
  const files = [await readFile(`${ROOT}fixtures/audio/stereo-44100.wav`)];
  return timingResult("compact: WAV, 0.7 s of 44.1 kHz stereo, to answer", await timeFiles(files));
}

async function timeFiles(files: readonly Uint8Array[]) {
  const classifier = await createFileClassifier({ model: "compact", trim: true });
  const timing = await timeCalls((i) => classifier.hear(files[i % files.length]!));
  await classifier.release();
  return timing;
}
