import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ONE_WORKER, quietly, type RunOptions, runIn } from "../../test/support/dutiful-pool.ts";
import { type Calls, DutifulWorker, Order, started } from "../../test/support/dutiful-worker.ts";
import { type ProcessPool, startProcessPool } from "./process-pool.ts";

const { ANSWER, HANG, FAULT, EXIT, BLOAT, TELL, LATE } = Order;

let canStart = true;
const onFault = vi.fn();
const onEnded = vi.fn();
const settings = {
  ...ONE_WORKER,
  start: async () => {
    if (!canStart) throw new Error("there is no such model");
    return new DutifulWorker();
  },
  onFault,
  onEnded,
};
let pool: ProcessPool<Calls>;

beforeEach(() => {
  started.length = 0;
  canStart = true;
  onFault.mockReset();
  onEnded.mockReset();
});
afterEach(async () => {
  vi.useRealTimers();
  await pool?.close();
});

describe("a pool of workers", () => {
  test("answers every call, on all its workers", async () => {
    pool = await startProcessPool({ ...settings, workers: 3, maxQueue: 100 });
    expect(pool.workers).toBe(3);
    const lengths = Array.from({ length: 60 }, (_, i) => i + 1);
    expect(await Promise.all(lengths.map((length) => run(ANSWER, { length })))).toEqual(lengths);
    expect([pool.running, pool.queued]).toEqual([0, 0]);
  });

  test("fails to start where its workers do, and leaves none behind", async () => {
    let nStarts = 0;
    const start = async () => {
      if (++nStarts === 2) throw new Error("there is no such model");
      return new DutifulWorker();
    };
    await expect(startProcessPool({ ...settings, workers: 3, start })).rejects.toThrow("no such model");
    expect(started.map(({ isEnding }) => isEnding)).toEqual([true, true]);
  });

  test("hands a worker several short requests, and long ones only one by one", async () => {
    pool = await startProcessPool({ ...settings, maxQueue: 100 });
    const short = Array.from({ length: 12 }, () => quietly(run(HANG)));
    expect([pool.running, pool.queued]).toEqual([8, 4]);
    await pool.close();
    await Promise.all(short);

    pool = await startProcessPool({ ...settings, maxQueue: 100 });
    const long = Array.from({ length: 3 }, () => quietly(run(HANG, { length: 300_000 })));
    expect([pool.running, pool.queued]).toEqual([1, 2]);
    await pool.close();
    await Promise.all(long);
  });

  test("ends a worker that takes too long, and goes on with a new one", async () => {
    pool = await startProcessPool({ ...settings, timeoutMs: 500, answerTimeoutMs: 500 });
    await expect(run(HANG)).rejects.toMatchObject({ code: "service-timeout" });
    await vi.waitFor(() => expect([started.length, pool.workers]).toEqual([2, 1]), { timeout: 20_000 });
  });

  test("hands nothing more to a worker that takes too long", async () => {
    pool = await startProcessPool({ ...settings, timeoutMs: 500, answerTimeoutMs: 500 });
    await expect(run(HANG)).rejects.toMatchObject({ code: "service-timeout" });
    expect([started[0]!.isEnding, pool.running]).toEqual([true, 0]);
    vi.useFakeTimers({ toFake: ["setTimeout"] }); // the new worker has as long as it needs
    expect(await run(ANSWER, { length: 5 })).toBe(5);
  });

  test("tries the others again that a worker had in hand which took too long", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    pool = await startProcessPool(settings);
    const late = run(HANG);
    vi.advanceTimersByTime(100);
    const others = [run(ANSWER, { length: 7 }), run(ANSWER, { length: 8 })];
    vi.advanceTimersByTime(settings.answerTimeoutMs - 100);
    await expect(late).rejects.toMatchObject({ code: "service-timeout" });
    expect(await Promise.all(others)).toEqual([7, 8]);
  });

  test("takes back from a worker that is slow what it has not begun, for one that is free", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    pool = await startProcessPool({ ...settings, workers: 2 });
    const slow = [quietly(run(HANG)), quietly(run(HANG))];
    const other = run(ANSWER, { length: 7 });
    expect([pool.running, pool.queued]).toEqual([3, 0]);
    vi.advanceTimersByTime(1000);
    expect([pool.running, pool.queued]).toEqual([2, 1]);
    started[1]!.kill("crash");
    expect(await other).toBe(7);
    await pool.close();
    await Promise.all(slow);
  });

  test("refuses what would hardly be answered in time, as long as there is other work", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    pool = await startProcessPool({ ...settings, answerTimeoutMs: 1000 });
    for (let i = 0; i < 40; i++) {
      const late = run(LATE);
      await vi.advanceTimersByTimeAsync(900);
      await late;
    }
    const late = run(LATE);
    const next = run(ANSWER);
    expect([pool.queued, pool.isFull()]).toEqual([1, true]);
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-busy" });
    await vi.advanceTimersByTimeAsync(900);
    await Promise.all([late, next]);
    expect(await run(ANSWER, { length: 3 })).toBe(3);
  });

  test.each([
    ["faults", FAULT, "service-fault"],
    ["ends", EXIT, "service-fault"],
    ["takes too much memory", BLOAT, "service-memory"],
  ])("blames nobody but the request on which a worker %s", async (_what, order, code) => {
    pool = await startProcessPool(settings);
    const outcomes = await Promise.allSettled([run(order), run(ANSWER), run(ANSWER)]);
    expect(outcomes).toMatchObject([{ reason: { code } }, { value: 1 }, { value: 1 }]);
  });

  test("tries a request again but once", async () => {
    pool = await startProcessPool(settings);
    const outcomes = await Promise.allSettled([run(EXIT), run(EXIT), run(ANSWER)]);
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    expect(codes).toEqual(["service-fault", "service-fault", "service-busy"]);
  });

  test("tells a worker to leave a request that is given up, and goes on with the others", async () => {
    pool = await startProcessPool({ ...settings, workers: 2 });
    const controller = new AbortController();
    const given = run(HANG, { signal: controller.signal });
    await vi.waitFor(() => expect(started[0]!.pending).toBe(1));
    controller.abort(new Error("gone"));
    await expect(given).rejects.toThrow("gone");
    await vi.waitFor(() => expect(started[0]!.aborted).toHaveLength(1));
    expect(await run(ANSWER, { length: 5 })).toBe(5);
  });

  test("lets a worker go on as long as it says something", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    pool = await startProcessPool({ ...settings, answerTimeoutMs: undefined });
    const onEvent = vi.fn();
    const telling = pool.call("work", { order: TELL, length: 1 }, { onEvent }).catch(({ code }) => code);
    await vi.advanceTimersByTimeAsync(159_000);
    expect([onEvent.mock.calls, pool.workers]).toEqual([[["half done"]], 1]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await telling).toBe("service-timeout");
  });

  test("gives up what waits too long, and keeps its worker then", async () => {
    pool = await startProcessPool({ ...settings, timeoutMs: 500, answerTimeoutMs: 500 });
    const held = Array.from({ length: 8 }, () => quietly(run(HANG)));
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-timeout" });
    await Promise.all(held);
    expect(pool.queued).toBe(0);
  });

  test.each([
    ["reports a fault", FAULT],
    ["ends", EXIT],
  ])("replaces a worker that %s", async (_what, order) => {
    pool = await startProcessPool(settings);
    await expect(run(order)).rejects.toMatchObject({ code: "service-fault" });
    expect(await run(ANSWER, { length: 9 })).toBe(9);
    expect([started.length, pool.workers]).toEqual([2, 1]);
    expect(onEnded).toHaveBeenCalledWith(expect.objectContaining({ reason: "crash" }));
  });

  test("has another take the place of a worker that keeps too much, and loses nothing", async () => {
    pool = await startProcessPool({ ...settings, answerTimeoutMs: undefined });
    const late = run(LATE, { length: 7 });
    started[0]!.wear();
    await vi.waitFor(() => expect(started[0]!.isEnding).toBe(true));
    expect(await run(ANSWER, { length: 5 })).toBe(5);
    expect([await late, (await started[0]!.ended).reason]).toEqual([7, "asked"]);
    expect([started.length, pool.workers]).toEqual([2, 1]);
  });

  test("keeps a worker that should have a successor until that can be started", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    pool = await startProcessPool(settings);
    canStart = false;
    const fault = nextFault();
    started[0]!.wear();
    await fault;
    expect(await run(ANSWER, { length: 5 })).toBe(5);
    canStart = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect([started.length, started[0]!.isEnding, pool.workers]).toEqual([2, true, 1]);
  });

  test("says when a worker cannot be replaced, and is left with none", async () => {
    pool = await startProcessPool(settings);
    canStart = false;
    await expect(run(EXIT)).rejects.toMatchObject({ code: "service-fault" });
    await vi.waitFor(() => expect(onFault).toHaveBeenCalledOnce(), { timeout: 20_000 });
    expect(pool.workers).toBe(0);
  });

  test("tries ever more seldom to replace a worker, and answers what waited once it succeeds", async () => {
    await startAndLoseWorker();
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const fault = nextFault();
      waits.push(advanceToNextTimer());
      await fault;
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    const waiting = run(ANSWER, { length: 5 });
    canStart = true;
    advanceToNextTimer();
    expect(await waiting).toBe(5);
    expect([pool.workers, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test("tries no more to replace a worker once it is closed", async () => {
    await startAndLoseWorker();
    await pool.close();
    const before = started.length;
    vi.runAllTimers();
    expect(started.length).toBe(before);
  });

  test("refuses everything once it is closed", async () => {
    pool = await startProcessPool(settings);
    await pool.close();
    await pool.close();
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-stopping" });
  });

  test("fails what is under way when it is closed", async () => {
    pool = await startProcessPool(settings);
    const held = Array.from({ length: 9 }, () => run(HANG));
    const outcomes = Promise.allSettled(held);
    await pool.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "service-fault" } });
    }
  });
});

const run = (order: number, options: RunOptions = {}) => runIn(pool, order, options);

/** A pool with made-up time and no worker left, the first attempt to replace it having failed. */
async function startAndLoseWorker(): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  pool = await startProcessPool(settings);
  canStart = false;
  const fault = nextFault();
  await quietly(run(EXIT));
  await fault;
  expect(pool.workers).toBe(0);
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
