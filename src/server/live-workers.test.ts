// Which process a stream goes to, with processes that do nothing.

import { EventEmitter, once } from "node:events";
import { beforeEach, expect, type Mock, test, vi } from "vitest";
import { type EndReason, ProcessEndedError } from "../workers/process-ended.ts";
import { createLiveWorkers } from "./live-workers.ts";

vi.mock("../workers/worker-process.ts", () => ({ startProcess: vi.fn(standIn) }));
beforeEach(() => {
  started.length = 0;
});

const OPTIONS = { maxWorkers: 2, maxWorkerBytes: 1e9, answerTimeoutMs: 1000 };
const LISTENING = { sampleRate: 8000 };

test("streams are spread over as many processes as there may be", async () => {
  const workers = createLiveWorkers(OPTIONS);
  for (let i = 0; i < 4; i++) await workers.openStream(LISTENING);
  expect(started.map(opened)).toEqual([2, 2]);
});

test("a process that keeps too much memory gets no more streams and ends with its last", async () => {
  const workers = createLiveWorkers({ ...OPTIONS, maxWorkers: 1 });
  const [first, second] = [await workers.openStream(LISTENING), await workers.openStream(LISTENING)];
  await started[0]!.wear();
  const third = await workers.openStream(LISTENING);
  expect(started.map(opened)).toEqual([2, 1]);
  first.close();
  expect(await first.push(new Float32Array(1))).toEqual([]);
  expect(started[0]!.isEnding).toBe(false);
  second.close();
  expect(started[0]!.isEnding).toBe(true);
  third.close();
  expect(started[1]!.isEnding).toBe(false);
});

test("one without streams ends at once", async () => {
  const workers = createLiveWorkers(OPTIONS);
  (await workers.openStream(LISTENING)).close();
  await started[0]!.wear();
  expect(started[0]!.isEnding).toBe(true);
});

test("no more of them go on than there may be processes, and those left out say why", async () => {
  const onEnded = vi.fn();
  const workers = createLiveWorkers({ ...OPTIONS, onEnded });
  for (let i = 0; i < 3; i++) {
    await workers.openStream(LISTENING);
    await started[i]!.wear();
  }
  expect(started.map(({ isEnding }) => isEnding)).toEqual([true, false, false]);
  expect(onEnded.mock.calls).toEqual([[expect.objectContaining({ reason: "memory" })]]);
});

type StandIn = {
  isEnding: boolean;
  call: Mock<(method: string) => Promise<never[]>>;
  /** Has the process keep too much memory. */
  wear(): Promise<void>;
};
const started: StandIn[] = [];

function standIn(): StandIn {
  const [worn, ended] = [new EventEmitter(), new EventEmitter()];
  const process = {
    worn: once(worn, "now"),
    ended: once(ended, "now").then(([end]) => end),
    isEnding: false,
    call: vi.fn(async () => []),
    kill(reason: EndReason) {
      process.isEnding = true;
      ended.emit("now", new ProcessEndedError(reason, ""));
    },
    end: async () => process.kill("asked"),
    async wear() {
      worn.emit("now");
      await new Promise(setImmediate);
    },
  };
  started.push(process);
  return process;
}

const opened = ({ call }: StandIn) => call.mock.calls.filter(([method]) => method === "open").length;
