import { availableParallelism } from "node:os";
import { loadClassifier } from "../src/load-models.ts";
import { SAMPLE_RATE } from "../src/model/log-mel.ts";
import { compareCalls, type Timing } from "./measure.ts";
import type { Result } from "./result.ts";
import { readSampleClips } from "./sample-clips.ts";

const CLIPS = 128;

/** Recordings answered a second when many are given at once. */
export async function benchThroughput(): Promise<Result[]> {
  return [...(await clipsPerSecond("compact", 1500)), ...(await clipsPerSecond("standard"))];
}

/** On two threads, with the target where there is one, and on one. */
async function clipsPerSecond(model: string, atLeast?: number): Promise<Result[]> {
  const samples = (await readSampleClips()).map((clip) => clip.samples);
  const clips = Array.from({ length: CLIPS }, (_, i) => samples[i % samples.length]!);
  const threads = Math.min(2, availableParallelism());
  const [many, one] = await Promise.all([
    loadClassifier({ model, threads }),
    loadClassifier({ model, threads: 1 }),
  ]);
  const timings = await compareCalls({
    many: () => many.classifyBatch(clips, { sampleRate: SAMPLE_RATE }),
    one: () => one.classifyBatch(clips, { sampleRate: SAMPLE_RATE }),
  });
  await Promise.all([many.release(), one.release()]);
  const result = (name: string, { medianMs, p95Ms, cpuMs }: Timing): Result => ({
    name: `${model}: batch of ${CLIPS}, ${name}`,
    value: (1000 * CLIPS) / medianMs,
    unit: "clips/s",
    p95: (1000 * CLIPS) / p95Ms,
    cpuMs: cpuMs / CLIPS,
  });
  const target = atLeast === undefined ? undefined : { atLeast };
  return [{ ...result(`threads: ${threads}`, timings.many), target }, result("threads: 1", timings.one)];
}
