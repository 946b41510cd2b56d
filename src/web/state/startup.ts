import { effect } from "@preact/signals";
import { tell } from "./clip-actions.ts";
import { engine, onEngineEvent } from "./engine-link.ts";
import { watchMicrophones } from "./microphones.ts";
import { loading, model, numbersReady, work } from "./page-state.ts";
import { recallHistory } from "./saved-history.ts";

/** Loads the models in the background, the one for single digits first; the page can be used before they are there. */
export async function loadModels(): Promise<void> {
  watchMicrophones();
  void recallHistory();
  const stop = onEngineEvent((event) => {
    if (event.kind === "loading") loading.value = event;
  });
  try {
    model.value = await engine.ask("load", undefined);
    await untilAnswered();
    await engine.ask("loadNumbers", undefined);
    numbersReady.value = true;
  } catch (error) {
    tell(error);
  } finally {
    stop();
    loading.value = null;
  }
}

/** A sound that waits is answered before more is loaded: it has the line and the processor to itself. */
function untilAnswered(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (work.value !== null) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}
