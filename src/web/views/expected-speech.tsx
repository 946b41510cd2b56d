import type { ListeningOptions } from "../engine/utterance.ts";
import { listenAgain } from "../state/clip-actions.ts";
import { listening } from "../state/page-state.ts";
import { expected, expectedLength } from "../state/settings.ts";

const CHOICES: readonly [ListeningOptions["expect"], string][] = [
  ["any", "Anything"],
  ["numbers", "Numbers among other words"],
  ["digits", "Digits and nothing else"],
];
// One length up to 32, or groups: 4, 10, 3-3-4.
const LENGTH = /^(([1-9]|[12]\d|3[0-2])(-[1-9]\d?)*)?$/;

/** What will be said: the fewer possibilities, the better it is heard. */
export function ExpectedSpeech() {
  const disabled = listening.value !== "off";
  return (
    <>
      <label class="field">
        <span>What is said</span>
        <select
          class="select"
          value={expected.value}
          disabled={disabled}
          onChange={({ currentTarget }) => {
            expected.value = currentTarget.value as ListeningOptions["expect"];
            void listenAgain();
          }}
        >
          {CHOICES.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {expected.value !== "any" && <LengthField disabled={disabled} />}
    </>
  );
}

function LengthField({ disabled }: { disabled: boolean }) {
  return (
    <label class="field">
      <span>How many digits, if known</span>
      <input
        class="select"
        placeholder="4, 10 or 3-3-4"
        value={expectedLength.value}
        pattern={LENGTH.source}
        disabled={disabled}
        onChange={({ currentTarget }) => {
          if (!LENGTH.test(currentTarget.value.trim())) return;
          expectedLength.value = currentTarget.value.trim();
          void listenAgain();
        }}
      />
    </label>
  );
}
