import { useMemo, useState } from "preact/hooks";
import { openFile } from "../state/clip-actions.ts";
import { isRight } from "../state/file-scores.ts";
import type { FileRow } from "../state/many-files.ts";
import { cancel } from "../state/microphone-actions.ts";
import { percent } from "../state/plain-words.ts";

type Column = "path" | "digits" | "confidence" | "label";
type Order = { column: Column; descending: boolean };

const COLUMNS: readonly [Column, string][] = [
  ["path", "File"],
  ["digits", "Heard"],
  ["confidence", "Sure"],
  ["label", "Name says"],
];
// More would make the page slow; the export has all.
const MAX_ROWS = 300;

/** The files, sorted by any column. @param props.rows In the order they were found. */
export function FilesTable({ rows }: { rows: readonly FileRow[] }) {
  const [order, setOrder] = useState<Order | null>(null);
  const sorted = useMemo(() => sort(rows, order), [rows, order]);
  const hasLabels = rows.some(({ label }) => label !== null);
  const columns = COLUMNS.filter(([column]) => hasLabels || column !== "label");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
    <section class="files-scroll" tabIndex={0} aria-label="Files and what was heard">
      <table class="files-table" data-testid="files">
        <thead>
          <tr>
            {columns.map(([column, name]) => (
              <Head key={column} column={column} name={name} order={order} onSort={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, MAX_ROWS).map((row) => (
            <Row key={row.id} row={row} hasLabels={hasLabels} />
          ))}
        </tbody>
      </table>
      {rows.length > MAX_ROWS && <p class="hint">{rows.length - MAX_ROWS} more are in the export.</p>}
    </section>
  );
}

type HeadProps = { column: Column; name: string; order: Order | null; onSort: (order: Order) => void };

function Head({ column, name, order, onSort }: HeadProps) {
  const isSorted = order?.column === column;
  const sorted = isSorted ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" aria-sort={sorted}>
      <button type="button" onClick={() => onSort({ column, descending: isSorted && !order.descending })}>
        {name}
        <span aria-hidden="true">{{ none: "", ascending: " ↑", descending: " ↓" }[sorted]}</span>
      </button>
    </th>
  );
}

function Row({ row, hasLabels }: { row: FileRow; hasLabels: boolean }) {
  const { file, path, state, digits, confidence, label, problem } = row;
  const right = state === "done" ? isRight(row) : null;
  return (
    <tr class={right === false ? "wrong" : undefined}>
      <td>
        <button
          type="button"
          class="link"
          onClick={() => cancel().then(() => openFile(file, file.name, "file"))}
        >
          {path}
        </button>
      </td>
      <td class="files-digits">{{ waiting: "…", failed: problem, done: digits || "–" }[state]}</td>
      <td>{state === "done" && digits ? percent(confidence) : ""}</td>
      {hasLabels && (
        <td>
          {label ?? ""}
          {right === false && <span class="visually-hidden"> heard wrong</span>}
        </td>
      )}
    </tr>
  );
}

function sort(rows: readonly FileRow[], order: Order | null): readonly FileRow[] {
  if (!order) return rows;
  const { column, descending } = order;
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(a[column], b[column]) || a.id - b.id);
}

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), undefined, { numeric: true });
}
