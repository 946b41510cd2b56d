// Several requests that share one real process, of which one ends it.

import { afterEach, expect, test } from "vitest";
import type { ObedientCalls } from "../../test/support/obedient-worker.ts";
import type { ProcessEndedError } from "./process-ended.ts";
import { type ProcessPool, startProcessPool } from "./process-pool.ts";
import { startProcess } from "./worker-process.ts";

let pool: ProcessPool<ObedientCalls> | undefined;
afterEach(() => pool?.close());

type Pool = ProcessPool<ObedientCalls>;

test.each<[what: string, timeoutMs: number, send: (pool: Pool) => Promise<never>, code: string]>([
  ["aborts it", 60_000, (of) => of.call("abort", undefined), "service-fault"],
  ["hangs it", 2000, (of) => of.call("hang", { busy: true }), "service-timeout"],
  ["fills its memory", 60_000, (of) => of.call("bloat", { as: "objects" }), "service-memory"],
])(
  "one that %s is to blame, others are answered rightly by another",
  async (_what, timeoutMs, send, code) => {
    const pids: (number | undefined)[] = [];
    const ends: ProcessEndedError[] = [];
    pool = await startProcessPool<ObedientCalls>({
      workers: 1,
      maxQueue: 100,
      timeoutMs,
      onEnded: (end) => ends.push(end),
      async start() {
        const worker = startProcess<ObedientCalls>("../test/support/obedient-worker");
        pids.push(worker.pid);
        await worker.call("echo", { value: 0 });
        return worker;
      },
    });
    const before = pool.call("echo", { value: "before" });
    const hostile = send(pool).catch((error: unknown) => error);
    const values = Array.from({ length: 6 }, (_, i) => ({ recording: Uint8Array.of(i), i }));
    const others = values.map((value) => pool!.call("echo", { value }));
    expect([pool.running, pool.queued]).toEqual([8, 0]);
    expect(await before).toBe("before");
    expect(await hostile).toMatchObject({ code });
    expect(await Promise.all(others)).toEqual(values);
    expect([ends.length, new Set(pids).size]).toEqual([1, 2]);
  },
);
