// The page's side of the inference worker.

import { asError } from "./failure.ts";
import type { EngineCall, EngineCalls, EngineEvent, EngineRequest, EngineResponse } from "./protocol.ts";

/** Decodes, prepares and classifies sound in a worker, so that the page never waits. */
export type Engine = {
  /**
   * @param call Name of the request.
   * @param argument What goes with it.
   * @param transfer Objects to hand over instead of copying.
   * @throws {SpokenDigitsError} What the worker threw, with its code; a plain Error where it had none.
   */
  ask<Call extends EngineCall>(
    call: Call,
    argument: EngineCalls[Call]["argument"],
    transfer?: Transferable[],
  ): Promise<EngineCalls[Call]["result"]>;
};

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void };

/**
 * Starts the worker.
 *
 * @param onEvent Told what the worker says unasked.
 */
export function startEngine(onEvent: (event: EngineEvent) => void): Engine {
  const worker = new Worker(new URL("./engine-worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const settle = (response: EngineResponse) => {
    const { resolve, reject } = waiting.get(response.id)!;
    waiting.delete(response.id);
    if (response.kind === "result") resolve(response.result as never);
    else reject(asError(response.failure));
  };
  worker.addEventListener("message", ({ data }: MessageEvent<EngineResponse | EngineEvent>) => {
    if ("id" in data) settle(data);
    else onEvent(data);
  });
  worker.addEventListener("error", ({ message }) => {
    for (const { reject } of waiting.values())
      reject(new Error(message || "The worker could not be loaded."));
    waiting.clear();
  });
  return {
    ask(call, argument, transfer = []) {
      lastId++;
      const id = lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, call, argument } as EngineRequest, transfer);
      });
    },
  };
}
