import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CallMessage, ReplyMessage } from "../../workers/calls.ts";
import { startEngine } from "./engine.ts";
import type { EngineEvent } from "./protocol.ts";

type Request = Extract<CallMessage, { id: number }>;

/** A worker that the test speaks for. */
class MadeUpWorker extends EventTarget {
  readonly requests: Request[] = [];
  readonly terminate = vi.fn();

  constructor() {
    super();
    started.push(this);
  }

  postMessage(request: Request): void {
    this.requests.push(request);
  }

  say(data: ReplyMessage): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  answerLast(result: unknown): void {
    this.say({ id: this.requests.at(-1)!.id, result });
  }

  fail(message?: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }
}

const started: MadeUpWorker[] = [];
const onEvent = vi.fn<(event: EngineEvent) => void>();

beforeEach(() => {
  started.length = 0;
  onEvent.mockReset();
  vi.stubGlobal("Worker", MadeUpWorker);
});
afterEach(() => vi.unstubAllGlobals());

describe("startEngine", () => {
  it("hands on answers, failures with their code, and what the worker says unasked", async () => {
    const engine = startEngine(onEvent);
    const found = engine.ask("findSpeech", 1);
    started[0]!.answerLast({ startMs: 0, endMs: 10 });
    expect(await found).toEqual({ startMs: 0, endMs: 10 });
    const refused = engine.ask("findSpeech", 2);
    started[0]!.say({ id: 2, error: { code: "audio-no-samples", message: "gone" } });
    await expect(refused).rejects.toMatchObject({ code: "audio-no-samples", message: "gone" });
    const columns = new Float32Array(1);
    started[0]!.say({ id: 0, event: { kind: "columns", columns } });
    expect(onEvent.mock.calls).toEqual([[{ kind: "columns", columns }]]);
  });

  it("rejects what waits when the worker fails, says so, and answers again by another one", async () => {
    const engine = startEngine(onEvent);
    const lost = [engine.ask("load", undefined), engine.ask("findSpeech", 1)];
    started[0]!.fail("out of memory");
    for (const request of lost) await expect(request).rejects.toThrow("out of memory");
    expect(started[0]!.terminate).toHaveBeenCalledOnce();
    const failure = { code: null, message: "out of memory", stack: expect.any(String) };
    expect(onEvent.mock.calls).toEqual([[{ kind: "failure", failure }]]);

    const found = engine.ask("findSpeech", 1);
    expect(started).toHaveLength(2);
    started[1]!.answerLast({ startMs: 0, endMs: 10 });
    expect(await found).toEqual({ startMs: 0, endMs: 10 });
  });

  it("tries again each time the worker cannot be loaded", async () => {
    const engine = startEngine(onEvent);
    for (let i = 0; i < 3; i++) {
      const request = engine.ask("load", undefined);
      started[i]!.fail();
      await expect(request).rejects.toThrow("could not be loaded");
    }
    expect(started).toHaveLength(3);
  });

  it("does not listen to a worker that has failed", async () => {
    const engine = startEngine(onEvent);
    const lost = engine.ask("load", undefined);
    started[0]!.fail("out of memory");
    await expect(lost).rejects.toThrow();
    const found = engine.ask("findSpeech", 1);
    started[0]!.answerLast(undefined);
    started[0]!.fail("again");
    started[1]!.answerLast({ startMs: 0, endMs: 10 });
    expect(await found).toEqual({ startMs: 0, endMs: 10 });
    expect(onEvent).toHaveBeenCalledOnce();
  });

  it("replaces a worker that is silent over a file for too long, and opens the next", async () => {
    vi.useFakeTimers();
    const engine = startEngine(onEvent);
    const bytes = new Uint8Array(1e6);
    const hung = engine.ask("open", bytes, [bytes.buffer]).catch((error: unknown) => error);
    vi.advanceTimersByTime(20_000);
    started[0]!.say({ id: 0, event: { kind: "level", levelDb: 0, durationMs: 0 } });
    vi.advanceTimersByTime(24_999);
    expect(started[0]!.terminate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(await hung).toMatchObject({ code: "service-timeout" });
    expect(started[0]!.terminate).toHaveBeenCalledOnce();
    const found = engine.ask("findSpeech", 1);
    started[1]!.answerLast({ startMs: 0, endMs: 10 });
    expect(await found).toEqual({ startMs: 0, endMs: 10 });
    vi.useRealTimers();
  });

  it("gives a model the time that its download takes", async () => {
    vi.useFakeTimers();
    const engine = startEngine(onEvent);
    const loaded = engine.ask("load", undefined);
    const classified = engine.ask("findSpeech", 1);
    vi.advanceTimersByTime(600_000);
    started[0]!.say({ id: 1, result: "summary" });
    started[0]!.answerLast("found");
    expect(await Promise.all([loaded, classified])).toEqual(["summary", "found"]);
    vi.useRealTimers();
  });
});
