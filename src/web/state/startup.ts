import { tell } from "./clip-actions.ts";
import { engine } from "./engine-link.ts";
import { model } from "./page-state.ts";

/** Loads the model in the background; the page can be used before it is there. */
export async function loadModel(): Promise<void> {
  try {
    model.value = await engine.ask("load", undefined);
  } catch (error) {
    tell(error);
  }
}
