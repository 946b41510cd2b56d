import { liveWords } from "../state/page-state.ts";
import { percent } from "../state/plain-words.ts";
import { RollingSpectrogram } from "./rolling-spectrogram.tsx";

/** What is being heard: the rolling picture, and the digits as they are said. */
export function LiveCard() {
  const words = liveWords.value;
  const newest = words.at(-1);
  return (
    <section class="card sound live" aria-labelledby="live-title">
      <div class="card-head">
        <h2 id="live-title">Listening</h2>
        <p class="hint">
          {newest
            ? `shown ${Math.round(newest.delayMs)} ms after its end`
            : "Say a digit, pause, say the next."}
        </p>
      </div>
      <RollingSpectrogram />
      <ol class="live-words" data-testid="live-words" aria-label="Digits heard">
        {words.toReversed().map(({ id, digit, confidence, delayMs }) => (
          <li
            key={id}
            class={digit === null ? "live-word none" : "live-word"}
            data-delay-ms={Math.round(delayMs)}
          >
            <span class="live-digit">{digit ?? "–"}</span>
            <span class="live-share">{digit === null ? "none" : percent(confidence)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
