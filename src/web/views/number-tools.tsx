import { useEffect, useState } from "preact/hooks";
import { clearDigits, copyNumber, deleteLast } from "../state/number-actions.ts";
import type { Grouping } from "../state/number-text.ts";
import { clip, listening, utterance } from "../state/page-state.ts";
import { grouping } from "../state/settings.ts";
import { BackspaceIcon, CopyIcon, DoneIcon, RemoveIcon } from "./icons.tsx";

const GROUPINGS: readonly [Grouping, string][] = [
  ["spoken", "As spoken"],
  ["none", "One row"],
  ["4-4-4-4", "4-4-4-4"],
  ["3-3-4", "3-3-4"],
];

/** What can be done with a number. Its place is kept while there is none. */
export function NumberTools() {
  const count = utterance.value?.digits.filter(({ digit }) => digit !== null).length ?? 0;
  const isLive = listening.value === "live" || clip.value?.origin === "live";
  return (
    <div class="number-tools">
      {isLive && (
        <>
          <ToolButton label="Delete the last digit" disabled={count === 0} onClick={deleteLast}>
            <BackspaceIcon />
          </ToolButton>
          {listening.value === "live" && (
            <ToolButton label="Clear all digits" disabled={count === 0} onClick={clearDigits}>
              <RemoveIcon />
            </ToolButton>
          )}
        </>
      )}
      {(isLive || count > 1) && <GroupingChoice />}
      {(isLive || count > 0) && <CopyButton disabled={count === 0} />}
    </div>
  );
}

type ToolProps = {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: preact.ComponentChildren;
};

function ToolButton({ label, disabled, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function CopyButton({ disabled }: { disabled: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void copyNumber().then(() => setCopied(true));
  return (
    <ToolButton label="Copy the digits" disabled={disabled} onClick={copy}>
      {copied ? <DoneIcon /> : <CopyIcon />}
    </ToolButton>
  );
}

function GroupingChoice() {
  return (
    <select
      class="select small"
      aria-label="Grouping"
      value={grouping.value}
      onChange={({ currentTarget }) => {
        grouping.value = currentTarget.value as Grouping;
      }}
    >
      {GROUPINGS.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
