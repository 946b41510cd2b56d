import type { Prediction } from "../../model/prediction.ts";
import type { Label } from "../engine/utterance.ts";
import { correct } from "../state/number-actions.ts";
import { detail, selected, utterance } from "../state/page-state.ts";
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

const LABELS: readonly Label[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "none"];

/**
 * The probabilities of the ten digits, and of none of them. Each is a button: it was this one.
 *
 * @param props.answer The answer, null before the first.
 */
function ProbabilityBars({ answer }: { answer: Prediction | null }) {
  const shares = answer ? [...answer.probs, answer.noneProb] : null;
  const highest = shares ? Math.max(...shares) : null;
  return (
    <ul class="bars" aria-label="Probability of each digit">
      {LABELS.map((label, i) => (
        <Bar key={label} label={label} share={shares?.[i] ?? null} isTop={shares?.[i] === highest} />
      ))}
    </ul>
  );
}

function Bar({ label, share, isTop }: { label: Label; share: number | null; isTop: boolean }) {
  const index = selected.value;
  const chosen = index === null ? undefined : utterance.value?.digits[index]?.label;
  const isTopBar = share !== null && isTop;
  return (
    <li class={isTopBar ? "bar top" : "bar"}>
      <button
        type="button"
        disabled={index === null}
        aria-pressed={chosen === label}
        onClick={() => correct(label)}
      >
        <span class="visually-hidden">It was </span>
        <span class="bar-label">{label}</span>
        <span class="bar-track">
          <span class="bar-fill" style={{ transform: `scaleY(${(share ?? 0).toFixed(4)})` }} />
        </span>
        <span class="visually-hidden">{share === null ? ", not heard yet" : ", percent: "}</span>
        <span class="bar-share">{share === null ? "" : Math.round(share * 100)}</span>
      </button>
    </li>
  );
}
