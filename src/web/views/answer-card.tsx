import { useEffect, useRef } from "preact/hooks";
import type { Prediction } from "../../model/prediction.ts";
import { clip, prediction } from "../state/page-state.ts";
import { describe } from "../state/plain-words.ts";
import { ProbabilityBars } from "./probability-bars.tsx";
import { Spectrogram } from "./spectrogram.tsx";

/** Which digit it was, how sure that is, and what the model saw. */
export function AnswerCard() {
  const answer = prediction.value;
  const card = useRef<HTMLElement>(null);
  const clipId = clip.value?.clipId;
  useEffect(() => {
    // On a phone the answer to a new clip would stay below the edge of the screen.
    if (clipId !== undefined) card.current?.scrollIntoView({ block: "nearest" });
  }, [clipId]);
  return (
    <section ref={card} class="card answer" aria-labelledby="answer-title">
      <h2 id="answer-title">Answer</h2>
      <Verdict answer={answer} />
      <ProbabilityBars answer={answer} />
      <Spectrogram answer={answer} />
    </section>
  );
}

function Verdict({ answer }: { answer: Prediction | null }) {
  const { headline, text } = answer
    ? describe(answer)
    : { headline: "No sound yet", text: "The answer appears here." };
  const digit = answer?.digit ?? null;
  return (
    <div class="verdict" data-testid="verdict">
      <p class={digit === null ? "digit empty" : "digit"} data-testid="digit" aria-hidden="true">
        {digit ?? "–"}
      </p>
      <div>
        <p class="headline">{headline}</p>
        <p>{text}</p>
        <p class="hint">{answer ? `computed in ${answer.ms.toFixed(1)} ms` : "\u00a0"}</p>
      </div>
    </div>
  );
}
