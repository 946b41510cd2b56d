import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ClassifierPool, startClassifierPool } from "./classifier-pool.ts";
import type { Outcome } from "./worker-protocol.ts";

/** A thread that does what the first byte of a recording says. */
const DUTIFUL_THREAD = `
  const { parentPort, workerData } = require("node:worker_threads");
  if (workerData.model === "absent" || process.argv.includes("absent")) throw new Error("there is no such model");
  parentPort.postMessage({ info: { architecture: "dutiful" } });
  parentPort.on("message", ({ recordings }) => {
    const [order] = new Uint8Array(recordings[0]);
    if (order === 1) return;                                        // hang
    if (order === 2) return parentPort.postMessage({ fault: "on purpose" });
    if (order === 3) process.exit(3);
    if (order === 4) throw new Error("thrown on purpose");
    parentPort.postMessage({ outcomes: recordings.map((bytes) => ({ answer: { ms: bytes.byteLength } })) });
  });
`;

const started: Worker[] = [];
let nextModel = "any";
vi.mock("../spawn-worker.ts", () => ({
  spawnWorker: (_name: string, options: object) => {
    const worker = new Worker(DUTIFUL_THREAD, { ...options, argv: [nextModel], eval: true });
    started.push(worker);
    return worker;
  },
}));

const [ANSWER, HANG, FAULT, EXIT, THROW] = [0, 1, 2, 3, 4];
const onFault = vi.fn();
const settings = {
  model: "any",
  maxDurationMs: 1000,
  workers: 1,
  maxQueue: 2,
  answerTimeoutMs: 100_000,
  onFault,
};
let pool: ClassifierPool;

beforeEach(() => {
  started.length = 0;
  nextModel = "any";
  onFault.mockReset();
});
afterEach(async () => {
  vi.useRealTimers();
  await pool?.close();
});

describe("a pool of threads", () => {
  test("answers every request, on all its threads", async () => {
    pool = await startClassifierPool({ ...settings, workers: 3, maxQueue: 100 });
    expect(pool.threads).toBe(3);
    expect(pool.info).toEqual({ architecture: "dutiful" });
    const lengths = Array.from({ length: 60 }, (_, i) => i + 1);
    const answers = await Promise.all(lengths.map((length) => run(ANSWER, { length })));
    expect(answers).toEqual(lengths.map((length) => [{ answer: { ms: length } }]));
    expect([pool.running, pool.queued]).toEqual([0, 0]);
  });

  test("fails to start where its threads do", async () => {
    await expect(startClassifierPool({ ...settings, model: "absent" })).rejects.toThrow("no such model");
  });

  test("hands a thread several short requests, and long ones only one by one", async () => {
    pool = await startClassifierPool({ ...settings, maxQueue: 100 });
    const short = Array.from({ length: 12 }, () => quietly(run(HANG)));
    expect([pool.running, pool.queued]).toEqual([8, 4]);
    await pool.close();
    await Promise.all(short);

    pool = await startClassifierPool({ ...settings, maxQueue: 100 });
    const long = Array.from({ length: 3 }, () => quietly(run(HANG, { length: 300_000 })));
    expect([pool.running, pool.queued]).toEqual([1, 2]);
    await pool.close();
    await Promise.all(long);
  });

  test("refuses what its queue does not hold", async () => {
    pool = await startClassifierPool(settings);
    const held = Array.from({ length: 10 }, () => quietly(run(HANG)));
    expect(pool.isFull).toBe(true);
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-busy" });
    await pool.close();
    await Promise.all(held);
  });

  test("forgets a request that is given up while it waits", async () => {
    pool = await startClassifierPool({ ...settings, maxQueue: 1 });
    const held = Array.from({ length: 8 }, () => quietly(run(HANG)));
    const controller = new AbortController();
    const waiting = run(ANSWER, { signal: controller.signal });
    expect([pool.queued, pool.isFull]).toEqual([1, true]);
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect([pool.queued, pool.isFull]).toEqual([0, false]);
    await pool.close();
    await Promise.all(held);
  });

  test("does not begin with a request that was given up before", async () => {
    pool = await startClassifierPool(settings);
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(run(ANSWER, { signal })).rejects.toThrow("gone");
    expect(pool.running).toBe(0);
  });

  test("ends a thread that takes too long, and goes on with a new one", async () => {
    pool = await startClassifierPool({ ...settings, answerTimeoutMs: 500 });
    await expect(run(HANG)).rejects.toMatchObject({ code: "service-timeout" });
    await vi.waitFor(() => expect([started.length, pool.threads]).toEqual([2, 1]), { timeout: 20_000 });
  });

  test("hands nothing more to a thread that takes too long", async () => {
    pool = await startClassifierPool({ ...settings, answerTimeoutMs: 500 });
    await expect(run(HANG)).rejects.toMatchObject({ code: "service-timeout" });
    expect([pool.threads, pool.running]).toEqual([0, 0]);
    vi.useFakeTimers({ toFake: ["setTimeout"] }); // the new thread has as long as it needs
    expect(await run(ANSWER, { length: 5 })).toEqual([{ answer: { ms: 5 } }]);
  });

  test("refuses the others that a thread had in hand which took too long, to be sent again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    pool = await startClassifierPool(settings);
    const late = run(HANG);
    vi.advanceTimersByTime(1000);
    const others = Promise.allSettled([run(ANSWER), run(HANG)]);
    vi.advanceTimersByTime(settings.answerTimeoutMs - 1000);
    await expect(late).rejects.toMatchObject({ code: "service-timeout" });
    for (const outcome of await others) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "service-busy" } });
    }
  });

  test.each([
    ["faults", FAULT],
    ["ends", EXIT],
    ["throws", THROW],
  ])("blames nobody but the request on which a thread %s", async (_what, order) => {
    pool = await startClassifierPool(settings);
    const outcomes = await Promise.allSettled([run(order), run(HANG), run(HANG)]);
    expect(outcomes).toMatchObject([
      { reason: { code: "service-fault" } },
      { reason: { code: "service-busy" } },
      { reason: { code: "service-busy" } },
    ]);
  });

  test("gives up what waits too long, and keeps its thread then", async () => {
    pool = await startClassifierPool({ ...settings, answerTimeoutMs: 500 });
    const held = Array.from({ length: 8 }, () => quietly(run(HANG)));
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-timeout" });
    await Promise.all(held);
    expect(pool.queued).toBe(0);
  });

  test.each([
    ["reports a fault", FAULT],
    ["ends", EXIT],
    ["throws", THROW],
  ])("replaces a thread that %s", async (_what, order) => {
    pool = await startClassifierPool(settings);
    await expect(run(order)).rejects.toMatchObject({ code: "service-fault" });
    expect(await run(ANSWER, { length: 9 })).toEqual([{ answer: { ms: 9 } }]);
    expect([started.length, pool.threads]).toEqual([2, 1]);
  });

  test("says when a thread cannot be replaced, and is left with none", async () => {
    pool = await startClassifierPool(settings);
    nextModel = "absent";
    await expect(run(EXIT)).rejects.toMatchObject({ code: "service-fault" });
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledOnce(), { timeout: 20_000 });
    expect(pool.threads).toBe(0);
  });

  test("tries ever more seldom to replace a thread, and answers what waited once it succeeds", async () => {
    await startAndLoseThread();
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const fault = nextFault();
      waits.push(advanceToNextTimer());
      await fault;
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    const waiting = run(ANSWER, { length: 5 });
    nextModel = "any";
    advanceToNextTimer();
    expect(await waiting).toEqual([{ answer: { ms: 5 } }]);
    expect([pool.threads, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test("tries no more to replace a thread once it is closed", async () => {
    await startAndLoseThread();
    await pool.close();
    const before = started.length;
    vi.runAllTimers();
    expect(started.length).toBe(before);
  });

  test("refuses everything once it is closed", async () => {
    pool = await startClassifierPool(settings);
    await pool.close();
    await pool.close();
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-stopping" });
  });

  test("fails what is under way when it is closed", async () => {
    pool = await startClassifierPool(settings);
    const held = Array.from({ length: 9 }, () => run(HANG));
    const outcomes = Promise.allSettled(held);
    await pool.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "service-fault" } });
    }
  });
});

function run(order: number, options: { length?: number; signal?: AbortSignal } = {}): Promise<Outcome[]> {
  const recording = new Uint8Array(options.length ?? 1);
  recording[0] = order;
  return pool.run({ recordings: [recording.buffer], options: {} }, options.signal);
}

/** A pool with made-up time and no thread left, the first attempt to replace it having failed. */
async function startAndLoseThread(): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  pool = await startClassifierPool(settings);
  nextModel = "absent";
  const fault = nextFault();
  await quietly(run(EXIT));
  await fault;
  expect(pool.threads).toBe(0);
}

function nextFault(): Promise<unknown> {
  return new Promise((resolve) => onFault.mockImplementationOnce(resolve));
}

/** @returns How long that is. */
function advanceToNextTimer(): number {
  const before = Date.now();
  vi.advanceTimersToNextTimer();
  return Date.now() - before;
}

/** Waits for a request that comes to nothing. */
async function quietly(request: Promise<unknown>): Promise<void> {
  await expect(request).rejects.toThrow();
}
