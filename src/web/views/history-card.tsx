import { toCsv, toJson } from "../state/export-history.ts";
import type { HistoryEntry } from "../state/history.ts";
import { forget, forgetAll, history, MAX_ENTRIES } from "../state/history.ts";
import { percent } from "../state/plain-words.ts";
import { playing, stopPlaying, togglePlaying } from "../state/player.ts";
import { PauseIcon, PlayIcon, RemoveIcon, SaveIcon } from "./icons.tsx";
import { saveText } from "./save-text.ts";

/** The answers of this session. */
export function HistoryCard() {
  const entries = history.value;
  return (
    <section class="card history" aria-labelledby="history-title">
      <div class="card-head">
        <h2 id="history-title">This session</h2>
        <div class="history-tools">
          <SaveButton label="CSV" type="text/csv" write={toCsv} />
          <SaveButton label="JSON" type="application/json" write={toJson} />
          <button type="button" class="button small" disabled={entries.length === 0} onClick={removeAll}>
            Remove all
          </button>
        </div>
      </div>
      {entries.length === 0 ? (
        <p class="hint">Each answer is listed here until you leave the page.</p>
      ) : (
        <ol class="entries" data-testid="history">
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {entries.length === MAX_ENTRIES && <p class="hint">The last {MAX_ENTRIES} are kept.</p>}
    </section>
  );
}

type SaveButtonProps = { label: string; type: string; write: (entries: readonly HistoryEntry[]) => string };

function SaveButton({ label, type, write }: SaveButtonProps) {
  return (
    <button
      type="button"
      class="button small"
      disabled={history.value.length === 0}
      aria-label={`Save as ${label}`}
      onClick={() => saveText(write(history.value), { name: `spoken-digits.${label.toLowerCase()}`, type })}
    >
      <SaveIcon />
      {label}
    </button>
  );
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

function Row({ entry }: { entry: HistoryEntry }) {
  const { id, digit, confidence, name, time, wav } = entry;
  const isPlaying = playing.value === id;
  return (
    <li class="entry">
      <span class={digit === null ? "entry-digit none" : "entry-digit"}>{digit ?? "–"}</span>
      <span class="entry-share">{digit === null ? "no digit" : percent(confidence)}</span>
      <span class="entry-name">{name}</span>
      <time class="entry-time" dateTime={time.toISOString()}>
        {TIME.format(time)}
      </time>
      <button
        type="button"
        class="icon-button"
        aria-label={`${isPlaying ? "Stop" : "Play"} ${name}`}
        onClick={() => togglePlaying(id, wav)}
      >
        {isPlaying ? <PauseIcon /> : <PlayIcon />}
      </button>
      <button type="button" class="icon-button" aria-label={`Remove ${name}`} onClick={() => remove(id)}>
        <RemoveIcon />
      </button>
    </li>
  );
}

function remove(id: number): void {
  if (playing.value === id) stopPlaying();
  forget(id);
}

function removeAll(): void {
  stopPlaying();
  forgetAll();
}
