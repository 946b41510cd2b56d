import { detail, selected, utterance } from "../state/page-state.ts";
import { ProbabilityBars } from "./probability-bars.tsx";
import { Spectrogram } from "./spectrogram.tsx";

/** One digit looked at closely: what else it might have been, and what the model saw. */
export function DetailCard() {
  return (
    <section class="card detail-card" aria-labelledby="detail-title">
      <div class="card-head">
        <h2 id="detail-title">{title()}</h2>
        {selected.value !== null && <p class="hint">Wrong? Press the right digit.</p>}
      </div>
      <ProbabilityBars answer={detail.value} />
      <Spectrogram answer={detail.value} />
    </section>
  );
}

function title(): string {
  const count = utterance.value?.digits.length ?? 0;
  return selected.value !== null && count > 1 ? `Digit ${selected.value + 1} of ${count}` : "How sure";
}
