import { ServiceError } from "../../errors.ts";
import { CallQueue, packError, type ReplyMessage } from "../../workers/calls.ts";
import type { EngineCall, EngineCalls, EngineEvent } from "./protocol.ts";

/** Decodes, prepares and classifies sound in a worker, so that the page never waits. */
export type Engine = {
  /**
   * @param call Name of the request.
   * @param payload What goes with it.
   * @param transfer Objects to hand over instead of copying.
   * @throws {SpokenDigitsError} What the worker threw, with its code.
   * @throws {ServiceError} `service-timeout`: it said nothing for too long.
   * @throws {Error} What it threw without a code; or it failed as a whole. After that, as after a timeout, the next request
   *   starts another, which holds no clip yet.
   */
  ask<Call extends EngineCall>(
    call: Call,
    payload: EngineCalls[Call]["payload"],
    transfer?: Transferable[],
  ): Promise<EngineCalls[Call]["result"]>;
};

/** Time that the worker may be silent over a call, in ms, and for each megabyte of a file besides. */
const [SILENT_MS, SILENT_MS_PER_MEGABYTE] = [20_000, 5000];

/** Calls that wait for the network. */
const UNTIMED: ReadonlySet<string> = new Set(["load", "loadNumbers", "startLive"]);

type Started = { worker: Worker; calls: CallQueue<EngineCalls> };

/**
 * Starts the worker, and another in its place after it has failed or has been silent over a call for too long.
 *
 * @param onEvent Told what the worker says unasked, and when it fails as a whole.
 */
export function startEngine(onEvent: (event: EngineEvent) => void): Engine {
  const start = (): Started => {
    const worker = new Worker(new URL("./worker-entry.ts", import.meta.url), { type: "module" });
    const calls = new CallQueue<EngineCalls>({
      post: (message, transfer) => worker.postMessage(message, transfer as Transferable[]),
      onEvent: (event) => onEvent(event as EngineEvent),
      onOverdue: () =>
        fail(started, new ServiceError("service-timeout", "the recording takes too long to work on")),
    });
    const started = { worker, calls };
    worker.addEventListener("message", ({ data }: MessageEvent<ReplyMessage>) => {
      if (current === started) calls.receive(data); // otherwise it was on its way when its worker failed
    });
    worker.addEventListener("error", ({ message }) => {
      fail(started, new Error(message || "The worker could not be loaded."));
    });
    return started;
  };
  const fail = (failed: Started, error: Error) => {
    // It may be dead or half alive: the event does not say.
    failed.worker.terminate();
    if (current !== failed) return;
    current = undefined;
    failed.calls.fail(error);
    onEvent({ kind: "failure", failure: packError(error) });
  };
  let current: Started | undefined = start();
  return {
    ask(call, payload, transfer = []) {
      current ??= start();
      return current.calls.call(call, payload, { transfer, timeoutMs: timeoutOf(call, transfer) });
    },
  };
}

function timeoutOf(call: EngineCall, transfer: readonly Transferable[]): number | undefined {
  if (UNTIMED.has(call)) return undefined;
  const lengths = transfer.map((item) => (item instanceof ArrayBuffer ? item.byteLength : 0));
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  return SILENT_MS + (SILENT_MS_PER_MEGABYTE * bytes) / 1e6;
}
