import { digitString } from "../state/digit-string.ts";
import { listening, liveDigits } from "../state/page-state.ts";
import { percent } from "../state/plain-words.ts";
import { RollingSpectrogram } from "./rolling-spectrogram.tsx";

const MAX_TILES = 24;

/** What is being heard: the rolling picture, the digits in a row, and the newest of them one by one. */
export function LiveCard() {
  const digits = liveDigits.value;
  const newest = digits.at(-1);
  return (
    <section class="card sound live" aria-labelledby="live-title">
      <div class="card-head">
        <h2 id="live-title">{listening.value === "live" ? "Listening" : "Heard"}</h2>
        <p class="hint">{newest ? `shown ${Math.round(newest.delayMs)} ms after its end` : "\u00a0"}</p>
      </div>
      <p class="live-string">
        <bdi dir="ltr" data-testid="live-string">
          {newest ? digitString(digits) : <span class="hint">Say digits, one after another.</span>}
        </bdi>
      </p>
      <RollingSpectrogram />
      <ol class="live-words" data-testid="live-words" aria-label="Digits heard, the newest first">
        {digits
          .slice(-MAX_TILES)
          .toReversed()
          .map(({ id, digit, confidence, delayMs }) => (
            <li key={id} class="live-word" data-delay-ms={Math.round(delayMs)}>
              <span class="live-digit">{digit}</span>
              <span class="live-share">{percent(confidence)}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}
