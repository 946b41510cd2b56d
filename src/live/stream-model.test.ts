import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { madeUpStreamModel } from "../../test/support/made-up-stream-model.ts";
import { ModelFormatError } from "../errors.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import { createRandom } from "../random.ts";
import type { LiveDigitEvent } from "./digit-event.ts";
import { createRecognizer } from "./recognizer.ts";
import type { StreamModel } from "./stream-model.ts";
import { createStreamModel } from "./stream-model.ts";
import { OUTPUT_COUNT, STATE_HOP } from "./stream-net.ts";
import { transcribe } from "./transcribe.ts";

const SAMPLE_RATE = 8000;
let model: StreamModel;

// Untrained, the model finds digits in noise; that the same are found is what counts here.
beforeAll(async () => {
  model = await createStreamModel(ort, madeUpStreamModel());
});
afterAll(() => model.release());

function noise(seconds: number): Float32Array {
  const random = createRandom(11);
  return Float32Array.from(
    { length: seconds * SAMPLE_RATE },
    (_, n) => 0.2 * random.normal() * (1 + Math.sin(n / 700)) + 0.2 * Math.sin(n * (0.3 + 1e-5 * n)),
  );
}

async function inChunks(samples: Float32Array, length: number): Promise<LiveDigitEvent[]> {
  const recognizer = createRecognizer(model, { sampleRate: SAMPLE_RATE });
  const events: LiveDigitEvent[] = [];
  for (let start = 0; start < samples.length; start += length) {
    events.push(...(await recognizer.push(samples.subarray(start, start + length))));
  }
  return [...events, ...(await recognizer.end())];
}

/** A runtime that says `none` of every frame, and counts the frames. */
function countingRuntime(): { runtime: OnnxRuntime; count: () => number } {
  let frames = 0;
  const session = {
    run: async ({ samples, ...past }: { samples: { data: Float32Array } }) => {
      const nFrames = samples.data.length / STATE_HOP;
      frames += nFrames;
      const data = new Float32Array(nFrames * OUTPUT_COUNT).fill(-20);
      for (let frame = 0; frame < nFrames; frame++) data[frame * OUTPUT_COUNT] = 0;
      const next = Object.entries(past).map(([name, tensor]) => [`next_${name}`, tensor] as const);
      return { log_probs: { data }, ...Object.fromEntries(next) };
    },
    release: async () => undefined,
  };
  const runtime = { Tensor: ort.Tensor, InferenceSession: { create: async () => session } };
  return { runtime: runtime as unknown as OnnxRuntime, count: () => frames };
}

describe("createStreamModel", () => {
  it.each([1, 128, 4800])(
    "finds the same digits in chunks of %i samples as in all at once",
    async (length) => {
      const samples = noise(6);
      const whole = await inChunks(samples, samples.length);
      expect(whole.length).toBeGreaterThan(0);
      expect(await inChunks(samples, length)).toEqual(whole);
      const { events } = await transcribe(model, samples, { sampleRate: SAMPLE_RATE });
      expect(events).toEqual(whole.map(({ id, status, ...event }) => event));
    },
  );

  it("keeps times within the stream, rising and apart", async () => {
    let earlier = 0;
    for (const { startMs, endMs } of await inChunks(noise(6), 800)) {
      expect(startMs).toBeGreaterThanOrEqual(earlier);
      expect(endMs).toBeGreaterThan(startMs);
      earlier = endMs;
    }
    expect(earlier).toBeLessThanOrEqual(6000);
  });

  it("asks nothing in silence, be it digital or one step of 16-bit audio, and something once it is over", async () => {
    const { runtime, count } = countingRuntime();
    const quiet = await createStreamModel(runtime, madeUpStreamModel());
    const dither = Float32Array.from({ length: SAMPLE_RATE }, (_, n) => (n % 3 === 0 ? 1 / 32768 : 0));
    const before = count(); // What silence leaves behind is computed once.
    await transcribe(quiet, dither, { sampleRate: SAMPLE_RATE });
    expect(count()).toBe(before);
    await transcribe(quiet, noise(1), { sampleRate: SAMPLE_RATE });
    expect(count() - before).toBeGreaterThan(30);
  });

  it("computes each frame once, and keeps no more after ten minutes than after one", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const { runtime, count } = countingRuntime();
    const recognizer = createRecognizer(await createStreamModel(runtime, madeUpStreamModel()), {
      sampleRate: SAMPLE_RATE,
    });
    const second = noise(1);
    const before = count();
    const heapAfter = async (minutes: number) => {
      for (let i = 0; i < 60 * minutes; i++) await recognizer.push(second);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const early = await heapAfter(1);
    expect((await heapAfter(9)) - early).toBeLessThan(300_000);
    expect(count() - before).toBe(2 * Math.floor((600 * SAMPLE_RATE) / (2 * STATE_HOP)));
  });

  it("refuses a classifier's file, a damaged one, and one that the runtime does not load or that answers nonsense", async () => {
    await expect(createStreamModel(ort, madeUpModel())).rejects.toThrow(ModelFormatError);
    const damaged = madeUpStreamModel();
    damaged[5000]! ^= 1;
    await expect(createStreamModel(ort, damaged)).rejects.toThrow(ModelFormatError);
    const failing = { create: () => Promise.reject(new Error("no")) };
    const broken = { Tensor: ort.Tensor, InferenceSession: failing } as unknown as OnnxRuntime;
    await expect(createStreamModel(broken, madeUpStreamModel())).rejects.toThrow(ModelFormatError);
    const odd = { create: async () => ({ run: async () => ({}) }) };
    const answering = { Tensor: ort.Tensor, InferenceSession: odd } as unknown as OnnxRuntime;
    await expect(createStreamModel(answering, madeUpStreamModel())).rejects.toThrow(ModelFormatError);
    const data = new Float32Array(30 * OUTPUT_COUNT);
    const forgetful = { create: async () => ({ run: async () => ({ log_probs: { data } }) }) };
    const losing = { Tensor: ort.Tensor, InferenceSession: forgetful } as unknown as OnnxRuntime;
    await expect(createStreamModel(losing, madeUpStreamModel())).rejects.toThrow(ModelFormatError);
  });

  it("may be released twice", async () => {
    const other = await createStreamModel(ort, madeUpStreamModel());
    await other.release();
    await other.release();
  });
});
