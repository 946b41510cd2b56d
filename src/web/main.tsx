import { effect } from "@preact/signals";
import { render } from "preact";
import { isFramedByOthers, showLinkAlone } from "./frame-guard.ts";
import { keepUpToDate } from "./offline/keep-up-to-date.ts";
import { tell } from "./state/clip-actions.ts";
import { engine, onEngineEvent } from "./state/engine-link.ts";
import { watchMicrophones } from "./state/microphones.ts";
import { loading, model, notice, numbersReady, work } from "./state/page-state.ts";
import { recallHistory } from "./state/saved-history.ts";
import { Page } from "./views/page.tsx";

if (isFramedByOthers()) showLinkAlone();
else {
  render(<Page />, document.getElementById("page")!);
  watchMicrophones();
  void recallHistory();
  // Offline use is prepared last, so that nothing competes with the model for the connection.
  void loadModels().then(keepUpToDate);
}

/**
 * Loads the models in the background, the one for single digits first; the page can be used before they are there. Where that
 * fails, it is tried again once there is a network.
 */
async function loadModels(): Promise<void> {
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
    addEventListener("online", tryAgain, { once: true });
  } finally {
    stop();
    loading.value = null;
  }
}

function tryAgain(): void {
  notice.value = null;
  void loadModels();
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
