import { afterEach, describe, expect, test, vi } from "vitest";
import { ONE_WORKER, quietly, type RunOptions, runIn } from "../../test/support/dutiful-pool.ts";
import { type Calls, Order } from "../../test/support/dutiful-worker.ts";
import { type ProcessPool, startProcessPool } from "./process-pool.ts";

const { ANSWER, HANG, LATE } = Order;
let pool: ProcessPool<Calls>;

afterEach(async () => {
  vi.useRealTimers();
  await pool?.close();
});

const run = (order: number, options: RunOptions = {}) => runIn(pool, order, options);

describe("the queue of a pool of workers", () => {
  test("refuses what its queue does not hold", async () => {
    pool = await startProcessPool(ONE_WORKER);
    const held = Array.from({ length: 10 }, () => quietly(run(HANG)));
    expect(pool.isFull()).toBe(true);
    await expect(run(ANSWER)).rejects.toMatchObject({ code: "service-busy" });
    await pool.close();
    await Promise.all(held);
  });

  test("answers lines in turns, and lets the longest make way where the queue is full", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    pool = await startProcessPool({ ...ONE_WORKER, maxQueue: 3 });
    const slow = run(LATE);
    const answered: string[] = [];
    await vi.advanceTimersByTimeAsync(300); // from here on the worker is slow, and is handed nothing more
    const ask = async (line: string) => {
      const outcome = await run(ANSWER, { line }).catch(({ code }) => code);
      answered.push(`${line}: ${outcome}`);
    };
    const asked = ["many", "many", "many", "few", "many", "many"].map(ask);
    await vi.advanceTimersByTimeAsync(900);
    await Promise.all([slow, ...asked]);
    const busy = "many: service-busy";
    expect(answered.slice(0, 3)).toEqual([busy, busy, busy]);
    expect(answered.slice(3)).toEqual(["many: 1", "few: 1", "many: 1"]);
  });

  test("forgets a request that is given up while it waits", async () => {
    pool = await startProcessPool({ ...ONE_WORKER, maxQueue: 1 });
    const held = Array.from({ length: 8 }, () => quietly(run(HANG)));
    const controller = new AbortController();
    const waiting = run(ANSWER, { signal: controller.signal });
    expect([pool.queued, pool.isFull()]).toEqual([1, true]);
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect([pool.queued, pool.isFull()]).toEqual([0, false]);
    await pool.close();
    await Promise.all(held);
  });

  test("does not begin with a request that was given up before", async () => {
    pool = await startProcessPool(ONE_WORKER);
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(run(ANSWER, { signal })).rejects.toThrow("gone");
    expect(pool.running).toBe(0);
  });
});
