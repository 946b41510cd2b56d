import { useMemo, useState } from "preact/hooks";
import { exportFiles, type FileScores, scoreFiles } from "../state/file-scores.ts";
import { closeFiles, type FileRow, fileRows, filesRunning, goOn, pause } from "../state/many-files.ts";
import { percent } from "../state/plain-words.ts";
import { FilesTable } from "./files-table.tsx";
import { RemoveIcon, SaveIcon } from "./icons.tsx";
import { saveFile } from "./save-file.ts";

/** Many files: a table that fills, and how many were right where names say what they are. */
export function FilesCard() {
  const rows = fileRows.value;
  const scores = useMemo(() => scoreFiles(rows), [rows]);
  const [shown, setShown] = useState(true);
  if (rows.length === 0) return null;
  return (
    <section class="card files" aria-labelledby="files-title">
      <div class="card-head">
        <h2 id="files-title">{rows.length} files</h2>
        <Tools rows={rows} />
      </div>
      <Progress rows={rows} />
      {scores && (
        <p class="scores" data-testid="scores">
          <strong>{percent(scores.right / scores.total)}</strong> right: {scores.right} of {scores.total} with
          a digit in their name{" "}
          <button type="button" class="button small" aria-expanded={shown} onClick={() => setShown(!shown)}>
            What was taken for what
          </button>
        </p>
      )}
      <div class={scores && shown ? "files-body with-picture" : "files-body"}>
        {scores && shown && <ConfusionPicture scores={scores} />}
        <FilesTable rows={rows} />
      </div>
    </section>
  );
}

function Progress({ rows }: { rows: readonly FileRow[] }) {
  const done = rows.filter(({ state }) => state !== "waiting").length;
  return (
    <p class="files-progress">
      <progress value={done} max={rows.length} aria-label="Files heard" />
      <span class="hint" data-testid="files-done">
        {done} of {rows.length} heard
      </span>
    </p>
  );
}

function Tools({ rows }: { rows: readonly FileRow[] }) {
  const isWaiting = rows.some(({ state }) => state === "waiting");
  const save = (kind: "csv" | "json") => {
    const type = kind === "csv" ? "text/csv" : "application/json";
    saveFile(new Blob([exportFiles(rows, kind)], { type }), `files.${kind}`);
  };
  return (
    <div class="history-tools">
      {(filesRunning.value || isWaiting) && (
        <button type="button" class="button small" onClick={filesRunning.value ? pause : goOn}>
          {filesRunning.value ? "Pause" : "Go on"}
        </button>
      )}
      {(["csv", "json"] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class="button small"
          aria-label={`Save the files as ${kind.toUpperCase()}`}
          onClick={() => save(kind)}
        >
          <SaveIcon />
          {kind.toUpperCase()}
        </button>
      ))}
      <button type="button" class="icon-button" aria-label="Close the table" onClick={closeFiles}>
        <RemoveIcon />
      </button>
    </div>
  );
}

const HEARD = [...Array.from({ length: 10 }, (_, digit) => String(digit)), "other"];

/** What was said against what was heard, the darker the more often. @param props.scores The counts. */
function ConfusionPicture({ scores: { confusion } }: { scores: FileScores }) {
  const rows = confusion
    .map((counts, said) => ({ counts, said, total: sum(counts) }))
    .filter(({ total }) => total > 0);
  return (
    <table class="confusion" aria-label="What was said, and what it was heard as">
      <thead>
        <tr>
          <th scope="col">said</th>
          {HEARD.map((heard) => (
            <th key={heard} scope="col">
              {heard}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ counts, said, total }) => (
          <tr key={said}>
            <th scope="row">{said}</th>
            {counts.map((count, heard) => (
              <td
                key={HEARD[heard]}
                class={heard === said ? "right" : count > 0 ? "wrong" : ""}
                style={{ "--share": (count / total).toFixed(3) }}
              >
                {count || ""}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
