import { reopen } from "../state/clip-actions.ts";
import { toCsv, toJson } from "../state/export-history.ts";
import { forget, forgetAll, type HistoryEntry, history, isLabelled, MAX_ENTRIES } from "../state/history.ts";
import { cancel } from "../state/microphone-actions.ts";
import { isUnsure, numberText } from "../state/number-text.ts";
import { percent, spelled } from "../state/plain-words.ts";
import { playing, stopPlaying, togglePlaying } from "../state/player.ts";
import { grouping, keepsHistory } from "../state/settings.ts";
import { shownEntry } from "../state/shown-entry.ts";
import { PauseIcon, PlayIcon, RemoveIcon, SaveIcon } from "./icons.tsx";
import { saveFile } from "./save-file.ts";
import { Setting } from "./switch.tsx";

/** The answers so far. */
export function HistoryCard() {
  const entries = history.value;
  return (
    <section class="card history" aria-labelledby="history-title">
      <div class="card-head">
        <h2 id="history-title">History</h2>
        <Tools entries={entries} />
      </div>
      {entries.length > 0 && (
        <ol class="entries" data-testid="history">
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      <div class="history-foot">
        <p class="hint">{footText(entries.length)}</p>
        <Setting label="Keep it in this browser" setting={keepsHistory} />
      </div>
    </section>
  );
}

function footText(count: number): string {
  if (count === MAX_ENTRIES) return `The last ${MAX_ENTRIES} answers are listed.`;
  return keepsHistory.value
    ? "Answers and their sounds stay on this device."
    : "Answers are listed until you leave the page.";
}

function Tools({ entries }: { entries: readonly HistoryEntry[] }) {
  const none = entries.length === 0;
  const csv = () => new Blob([toCsv(entries)], { type: "text/csv" });
  const json = () => new Blob([toJson(entries)], { type: "application/json" });
  const zip = async () => (await import("../state/zip-labelled.ts")).zipLabelled(entries);
  return (
    <div class="history-tools">
      <SaveButton label="CSV" disabled={none} make={csv} ending="csv" />
      <SaveButton label="JSON" disabled={none} make={json} ending="json" />
      <SaveButton label="corrected sounds" disabled={!entries.some(isLabelled)} make={zip} ending="zip" />
      <button type="button" class="button small" disabled={none} onClick={removeAll}>
        Remove all
      </button>
    </div>
  );
}

type SaveButtonProps = { label: string; disabled: boolean; make: () => Blob | Promise<Blob>; ending: string };

function SaveButton({ label, disabled, make, ending }: SaveButtonProps) {
  return (
    <button
      type="button"
      class="button small"
      disabled={disabled}
      aria-label={`Save as ${label}`}
      onClick={async () => saveFile(await make(), `spoken-digits.${ending}`)}
    >
      <SaveIcon />
      {label === "corrected sounds" ? "Corrected" : label}
    </button>
  );
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

function Row({ entry }: { entry: HistoryEntry }) {
  const { id, name, time, wav, utterance } = entry;
  const number = numberText(utterance.digits, grouping.value);
  const isPlaying = playing.value === id;
  return (
    <li class={shownEntry.value?.id === id ? "entry shown" : "entry"}>
      <button type="button" class="entry-open" onClick={() => cancel().then(() => reopen(entry))}>
        <span class="visually-hidden">
          {`Open ${name}: ${number ? spelled(number.replaceAll(" ", "")) : "no digit"},`}
        </span>
        <span class={number ? "entry-number" : "entry-number none"} aria-hidden="true">
          {number || "–"}
        </span>
        <span class="entry-share">{shareText(entry)}</span>
        <span class="entry-name" aria-hidden="true">
          {name}
        </span>
        <time class="entry-time" dateTime={time.toISOString()}>
          {TIME.format(time)}
        </time>
      </button>
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

function shareText(entry: HistoryEntry): string {
  const { digits } = entry.utterance;
  const [only] = digits;
  if (isLabelled(entry)) return "corrected";
  if (digits.length > 1) return digits.some(isUnsure) ? "not all clear" : "clear";
  return only && only.digit !== null ? percent(only.confidence) : "no digit";
}

function remove(id: number): void {
  if (playing.value === id) stopPlaying();
  forget(id);
}

function removeAll(): void {
  stopPlaying();
  forgetAll();
}
