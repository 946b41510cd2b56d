import type { Stretch } from "../engine/protocol.ts";
import type { SpokenDigit } from "../engine/utterance.ts";
import { look } from "../state/number-actions.ts";
import { isUnsure, meant } from "../state/number-text.ts";
import { selected, utterance } from "../state/page-state.ts";
import { playDigit } from "./play-digit.ts";

/**
 * Where each digit lies, below the waveform. For the pointer: the number itself is the same for keyboard and screen reader.
 *
 * @param props.view The part of the sound in view.
 */
export function DigitMarks({ view }: { view: Stretch }) {
  const digits = utterance.value?.digits ?? [];
  const lengthMs = view.endMs - view.startMs;
  return (
    <div class="marks" aria-hidden="true" data-testid="marks">
      {digits.map((heard, index) =>
        heard.digit !== null && heard.endMs > view.startMs && heard.startMs < view.endMs ? (
          <Mark
            key={index}
            heard={heard}
            index={index}
            left={(heard.startMs - view.startMs) / lengthMs}
            width={(heard.endMs - heard.startMs) / lengthMs}
          />
        ) : null,
      )}
    </div>
  );
}

type MarkProps = { heard: SpokenDigit; index: number; left: number; width: number };

function Mark({ heard, index, left, width }: MarkProps) {
  const classes = ["mark-digit", selected.value === index && "selected", isUnsure(heard) && "unsure"];
  return (
    <button
      type="button"
      tabIndex={-1}
      class={classes.filter(Boolean).join(" ")}
      style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
      onClick={() => {
        look(index);
        playDigit(heard);
      }}
    >
      {meant(heard) ?? "–"}
    </button>
  );
}
