import { useEffect, useRef } from "preact/hooks";
import type { Utterance } from "../engine/utterance.ts";
import { look } from "../state/number-actions.ts";
import { digitsOf, isUnsure, type WrittenDigit, written } from "../state/number-text.ts";
import { delayMs, listening, selected } from "../state/page-state.ts";
import { describe, spelled } from "../state/plain-words.ts";
import { grouping } from "../state/settings.ts";
import { playDigit } from "./play-digit.ts";

/** A number: each digit is a button that plays it and shows what was seen of it. @param props.said What was said. */
export function NumberView({ said }: { said: Utterance }) {
  const row = useRef<HTMLDivElement>(null);
  const digits = written(said.digits, grouping.value);
  const isLive = listening.value === "live";
  useEffect(() => {
    if (isLive && row.current) row.current.scrollTop = row.current.scrollHeight;
  }, [isLive, digits.length]);
  return (
    <div class="number">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        ref={row}
        class={`number-row ${sizeFor(digits.length)}`}
        role="group"
        aria-label={`Number: ${spelled(digitsOf(said)) || "nothing yet"}`}
        data-testid="number"
        onKeyDown={moveFocus}
      >
        {groupsOf(digits).map((group) => (
          <span class="number-group" key={group[0]!.index}>
            {group.map((digit) => (
              <Digit key={digit.index} said={said} written={digit} />
            ))}
          </span>
        ))}
        {digits.length === 0 && (
          <span class="number-empty">{isLive ? "Say digits, one after another." : "–"}</span>
        )}
      </div>
      <Summary said={said} />
    </div>
  );
}

function Digit({ said, written: { digit, index } }: { said: Utterance; written: WrittenDigit }) {
  const heard = said.digits[index]!;
  const isSelected = selected.value === index;
  const classes = [
    "number-digit",
    isUnsure(heard) && "unsure",
    heard.label !== undefined && "corrected",
    heard.tentative && "tentative",
  ];
  const hint = isUnsure(heard) ? ", not clear" : "";
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(" ")}
      aria-label={`${digit}, digit ${index + 1} of ${said.digits.length}${hint}`}
      aria-pressed={isSelected}
      tabIndex={isSelected || (selected.value === null && index === 0) ? 0 : -1}
      onClick={() => {
        look(index);
        playDigit(heard);
      }}
    >
      {digit}
    </button>
  );
}

function Summary({ said }: { said: Utterance }) {
  const isLive = listening.value === "live";
  if (said.digits.length === 0)
    return (
      <p key="none" class="hint">
        {isLive ? "Numbers appear here as you speak." : "\u00a0"}
      </p>
    );
  const { headline, text } = describe(said);
  const delay =
    isLive && delayMs.value !== null ? ` · shown ${Math.round(delayMs.value)} ms after its end` : "";
  return (
    <p class="number-words" data-delay-ms={delayMs.value === null ? undefined : Math.round(delayMs.value)}>
      <span class="number-count">{headline}</span>{" "}
      <span class="hint">
        {said.digits.length > 1 ? text : ""}
        <span class="number-delay">{delay}</span>
      </span>
    </p>
  );
}

function groupsOf(digits: readonly WrittenDigit[]): WrittenDigit[][] {
  const groups: WrittenDigit[][] = [];
  for (const digit of digits) {
    if (digit.startsGroup || groups.length === 0) groups.push([]);
    groups.at(-1)!.push(digit);
  }
  return groups;
}

function sizeFor(count: number): string {
  if (count <= 5) return "huge";
  if (count <= 10) return "large";
  return count <= 24 ? "medium" : "small";
}

/** The arrow keys go from digit to digit; Tab goes past them all. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  const buttons = [...(event.currentTarget as Element).querySelectorAll("button")];
  const next = buttons[buttons.indexOf(event.target as HTMLButtonElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}
