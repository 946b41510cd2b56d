import type { Prediction } from "../../model/prediction.ts";
import { percent, wordFor } from "../state/plain-words.ts";

const LABELS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "none"];

/** The probabilities of the ten digits, and of none of them. @param props.answer The answer, null before the first. */
export function ProbabilityBars({ answer }: { answer: Prediction | null }) {
  const shares = answer ? [...answer.probs, answer.noneProb] : new Array<number>(11).fill(0);
  const highest = Math.max(...shares);
  return (
    <ul class="bars" aria-label="Probability of each digit">
      {shares.map((share, i) => (
        <li key={LABELS[i]} class={answer && share === highest ? "bar top" : "bar"}>
          <span class="bar-share" aria-hidden="true">
            {answer ? Math.round(share * 100) : ""}
          </span>
          <span class="bar-track" aria-hidden="true">
            <span class="bar-fill" style={{ transform: `scaleY(${share.toFixed(4)})` }} />
          </span>
          <span class="bar-label" aria-hidden="true">
            {LABELS[i]}
          </span>
          <span class="visually-hidden">
            {i === 10 ? "none of them" : wordFor(i)}: {answer ? percent(share) : "no answer yet"}
          </span>
        </li>
      ))}
    </ul>
  );
}
