// The one worker of the page, and who listens to it.

import { type Engine, startEngine } from "../engine/engine.ts";
import type { EngineEvent } from "../engine/protocol.ts";
import type { Disposer } from "../scope.ts";

const listeners = new Set<(event: EngineEvent) => void>();

/** The inference worker. */
export const engine: Engine = startEngine((event) => {
  for (const listener of listeners) listener(event);
});

/**
 * Listens to what the worker says unasked.
 *
 * @param listener Told each event.
 * @returns Ends it.
 */
export function onEngineEvent(listener: (event: EngineEvent) => void): Disposer {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
