import { choose } from "../state/clip-actions.ts";
import { clip, stretch } from "../state/page-state.ts";

/** The trimmed part in numbers: the same as dragging its edges, for the keyboard. */
export function StretchFields() {
  const { startMs, endMs } = stretch.value;
  return (
    <fieldset class="stretch" disabled={!clip.value}>
      <legend class="visually-hidden">Part to classify, in seconds</legend>
      <Seconds label="From" ms={startMs} onChange={(value) => choose({ startMs: value, endMs })} />
      <Seconds label="to" ms={endMs} onChange={(value) => choose({ startMs, endMs: value })} />
      <span aria-hidden="true">s</span>
    </fieldset>
  );
}

type SecondsProps = { label: string; ms: number; onChange: (ms: number) => void };

function Seconds({ label, ms, onChange }: SecondsProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        min={0}
        max={((clip.value?.durationMs ?? 0) / 1000).toFixed(2)}
        step={0.01}
        value={(ms / 1000).toFixed(2)}
        onChange={({ currentTarget }) => {
          if (Number.isFinite(currentTarget.valueAsNumber)) onChange(currentTarget.valueAsNumber * 1000);
        }}
      />
    </label>
  );
}
