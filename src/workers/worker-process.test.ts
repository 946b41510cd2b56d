import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import type { ObedientCalls } from "../../test/support/obedient-worker.ts";
import { AudioFormatError } from "../errors.ts";
import { asServiceError } from "./process-ended.ts";
import { type ProcessOptions, startProcess, type WorkerProcess } from "./worker-process.ts";

const started: WorkerProcess<ObedientCalls>[] = [];

function start(options?: ProcessOptions): WorkerProcess<ObedientCalls> {
  const worker = startProcess<ObedientCalls>("../test/support/obedient-worker", options);
  started.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.end()));
});

describe("a worker process", () => {
  it("answers calls in their order, and says what it has to say before", async () => {
    const worker = start();
    const answers: unknown[] = [];
    const delays = [30, 20, 10, 0];
    await Promise.all(
      delays.map(async (delayMs) => answers.push(await worker.call("echo", { value: delayMs, delayMs }))),
    );
    expect(answers).toEqual(delays);
    const events: number[] = [];
    expect(await worker.call("count", undefined, { onEvent: (n) => events.push(n) })).toBe(6);
    expect(events).toEqual([1, 2, 3]);
    expect(worker.pending).toBe(0);
  });

  it("takes and gives large payloads as they are", async () => {
    const bytes = Buffer.alloc(5e6).map((_, i) => i);
    const value = { bytes, samples: Float32Array.of(0.1, Number.NaN) };
    const echoed = (await start().call("echo", { value })) as typeof value;
    expect(echoed.samples).toEqual(value.samples);
    expect(Buffer.compare(bytes, echoed.bytes) === 0).toBe(true);
  });

  it("throws errors of this package in their class, and others by their message", async () => {
    const worker = start();
    const known = await worker.call("throw", { code: "audio-damaged" }).catch((error: unknown) => error);
    expect(known).toBeInstanceOf(AudioFormatError);
    expect(known).toMatchObject({ code: "audio-damaged", message: "decodeAudio: on purpose" });
    await expect(worker.call("throw", {})).rejects.toThrow("on purpose");
    expect(await worker.call("echo", { value: 1 })).toBe(1);
  });

  it("leaves out what is given up before it has begun", async () => {
    const worker = start();
    const controller = new AbortController();
    const first = worker.call("echo", { value: 1, delayMs: 100 });
    const given = worker.call("hang", { busy: true }, { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(given).rejects.toThrow("gone");
    expect([await first, await worker.call("echo", { value: 2 })]).toEqual([1, 2]);
  });
});

describe("a worker process is ended", () => {
  it.each([{ busy: true }, { busy: false }])("for its time, %o", async (how) => {
    const worker = start();
    await worker.call("echo", { value: 1 });
    const hung = worker.call("hang", how, { timeoutMs: 200 });
    const other = worker.call("echo", { value: 2 });
    await expect(hung).rejects.toMatchObject({ reason: "time" });
    await expect(other).rejects.toMatchObject({ reason: "time" });
    await expect(worker.call("echo", { value: 3 })).rejects.toMatchObject({ reason: "time" });
    expect([worker.isEnding, (await worker.ended).reason]).toEqual([true, "time"]);
  });

  test.runIf(existsSync("/proc/self/stat"))("not for time in which others had the processor", async () => {
    const worker = start();
    await worker.call("echo", { value: 1 });
    process.kill(worker.pid!, "SIGSTOP");
    const answer = worker.call("echo", { value: 2 }, { timeoutMs: 1000 });
    await delay(1500);
    process.kill(worker.pid!, "SIGCONT");
    expect([await answer, worker.isEnding]).toEqual([2, false]);
  });

  it("for the memory of its JavaScript objects", async () => {
    const error = await start()
      .call("bloat", { as: "objects" })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason: "memory" });
    expect(asServiceError("test", error).code).toBe("service-memory");
  });

  test.runIf(existsSync("/proc/self/status"))("for the memory of its buffers", async () => {
    const worker = start({ maxBytes: 250e6 });
    await expect(worker.call("bloat", { as: "buffers" })).rejects.toMatchObject({ reason: "memory" });
  });

  test.runIf(existsSync("/proc/self/status"))(
    "when another takes its place, because it keeps most of its memory",
    async () => {
      const worker = start({ maxBytes: 400e6 });
      await worker.call("keep", { bytes: 270e6 });
      await worker.worn;
      const answer = worker.call("echo", { value: 1, delayMs: 50 });
      worker.retire();
      expect([worker.isEnding, await answer, (await worker.ended).reason]).toEqual([true, 1, "asked"]);
    },
  );

  it("by its own fault, and says so", async () => {
    const error = await start()
      .call("abort", undefined)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason: "crash", message: expect.stringContaining("SIGABRT") });
    expect(asServiceError("test", error).code).toBe("service-fault");
  });

  it("when it is asked to, also where it does not listen", async () => {
    const worker = start({ graceMs: 100 });
    await worker.call("echo", { value: 1 });
    const hung = expect(worker.call("hang", { busy: true })).rejects.toMatchObject({ reason: "asked" });
    await worker.end();
    await worker.end();
    await hung;
  });

  it("before it has begun, where its code cannot be loaded", async () => {
    const worker = startProcess<ObedientCalls>("workers/nowhere");
    await expect(worker.call("echo", { value: 1 })).rejects.toMatchObject({ reason: "crash" });
  });
});

describe.runIf(process.platform === "linux")("no worker is left behind", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("by a process that ends with %s", async (signal) => {
    const file = fileURLToPath(new URL("../../test/support/parent-process.ts", import.meta.url));
    const parent = spawn(process.execPath, ["--import", "tsx", file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pids = await firstLine(parent);
    expect(pids.map(isAlive)).toEqual([true, true]);
    const exited = once(parent, "exit");
    parent.kill(signal);
    await exited;
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), { timeout: 20_000 });
  });
});

async function firstLine({ stdout }: ChildProcess): Promise<number[]> {
  const [line] = (await once(stdout!, "data")) as [Buffer];
  return JSON.parse(line.toString());
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
