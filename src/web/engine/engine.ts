// The page's side of the inference worker.

import { asError, asFailure } from "./failure.ts";
import type { EngineCall, EngineCalls, EngineEvent, EngineRequest, EngineResponse } from "./protocol.ts";

/** Decodes, prepares and classifies sound in a worker, so that the page never waits. */
export type Engine = {
  /**
   * @param call Name of the request.
   * @param argument What goes with it.
   * @param transfer Objects to hand over instead of copying.
   * @throws {SpokenDigitsError} What the worker threw, with its code.
   * @throws {Error} What it threw without a code; or it failed as a whole: the next request starts another, which holds
   *   no clip yet.
   */
  ask<Call extends EngineCall>(
    call: Call,
    argument: EngineCalls[Call]["argument"],
    transfer?: Transferable[],
  ): Promise<EngineCalls[Call]["result"]>;
};

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void };

/**
 * Starts the worker, and another in its place after it has failed.
 *
 * @param onEvent Told what the worker says unasked, and when it fails as a whole.
 */
export function startEngine(onEvent: (event: EngineEvent) => void): Engine {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const settle = (response: EngineResponse) => {
    const { resolve, reject } = waiting.get(response.id)!;
    waiting.delete(response.id);
    if (response.kind === "result") resolve(response.result as never);
    else reject(asError(response.failure));
  };
  const start = () => {
    const started = new Worker(new URL("./engine-worker.ts", import.meta.url), { type: "module" });
    started.addEventListener("message", ({ data }: MessageEvent<EngineResponse | EngineEvent>) => {
      if (worker !== started) return; // it was on its way when its worker failed
      if ("id" in data) settle(data);
      else onEvent(data);
    });
    started.addEventListener("error", ({ message }) => {
      // It may be dead or half alive: the event does not say.
      started.terminate();
      if (worker === started) fail(new Error(message || "The worker could not be loaded."));
    });
    return started;
  };
  const fail = (error: Error) => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    onEvent({ kind: "failure", failure: asFailure(error) });
  };
  let worker: Worker | undefined = start();
  return {
    ask(call, argument, transfer = []) {
      lastId++;
      const id = lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker ??= start();
        worker.postMessage({ id, call, argument } as EngineRequest, transfer);
      });
    },
  };
}
