import type { FileScores } from "../state/file-scores.ts";

const HEARD = [...Array.from({ length: 10 }, (_, digit) => String(digit)), "other"];

/** What was said against what was heard, the darker the more often. @param props.scores The counts. */
export function ConfusionPicture({ scores: { confusion } }: { scores: FileScores }) {
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
