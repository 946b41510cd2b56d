import { type SvgMarkup, svgDocument, svgElement, svgText } from "./svg-markup.ts";

const CELL = 46;
const GAP = 2;
const LEFT = 66;
const TOP = 110;
const MARGIN = 24;
const RIGHT_COLOUR = "#2f5fc4";
const WRONG_COLOUR = "#d2691e";

/**
 * A heat map of a confusion matrix: a row for each digit spoken, a column for each digit predicted. A cell shows the count and
 * its share of the row; right answers are blue, mistakes orange, and the deeper the larger the share (by its square
 * root, so that single mistakes show).
 *
 * @param confusion Counts [10][10], row = true digit, column = best of the ten digits.
 * @param options.title Default: `Digits spoken and predicted`.
 * @returns An SVG file of 550 x 594 pixels.
 */
export function confusionSvg(
  confusion: readonly (readonly number[])[],
  options: { title?: string } = {},
): string {
  const { title = "Digits spoken and predicted" } = options;
  const summary = summarise(confusion);
  const side = confusion.length * CELL;
  const description = `${title}. ${summary}`;
  return svgDocument(
    { width: LEFT + side + MARGIN, height: TOP + side + MARGIN, description },
    svgText(title, { x: MARGIN, y: 34, size: 17, weight: 600 }),
    svgText(summary, { x: MARGIN, y: 54, size: 12, tone: "muted" }),
    svgText("predicted", { x: LEFT + side / 2, y: TOP - 32, anchor: "middle", tone: "muted" }),
    svgText("spoken", sideways(MARGIN + 8, TOP + side / 2)),
    ...confusion.flatMap((_, digit) => axisLabels(digit)),
    ...confusion.flatMap((counts, row) => counts.map((_, column) => cell(counts, row, column))),
  );
}

function summarise(confusion: readonly (readonly number[])[]): string {
  const nClips = confusion.flat().reduce((total, count) => total + count, 0);
  const nRight = confusion.reduce((total, counts, digit) => total + counts[digit]!, 0);
  if (nClips === 0) return "No clips";
  return `${nRight} of ${nClips} clips right, ${((100 * nRight) / nClips).toFixed(2)} %`;
}

function sideways(x: number, y: number) {
  return { x, y, anchor: "middle", tone: "muted", transform: `rotate(-90 ${x} ${y})` } as const;
}

function axisLabels(digit: number): SvgMarkup[] {
  const centre = digit * CELL + CELL / 2;
  return [
    svgText(String(digit), { x: LEFT - 12, y: TOP + centre + 5, size: 14, anchor: "middle", weight: 600 }),
    svgText(String(digit), { x: LEFT + centre, y: TOP - 10, size: 14, anchor: "middle", weight: 600 }),
  ];
}

function cell(counts: readonly number[], row: number, column: number): SvgMarkup {
  const count = counts[column]!;
  const x = LEFT + column * CELL;
  const y = TOP + row * CELL;
  const square = { x: x + GAP / 2, y: y + GAP / 2, width: CELL - GAP, height: CELL - GAP, rx: 4 };
  const tile = svgElement("rect", { ...square, class: "tile" });
  if (count === 0) return tile;
  const share = count / counts.reduce((total, other) => total + other, 0);
  const opacity = 0.12 + 0.88 * Math.sqrt(share);
  const fill = row === column ? RIGHT_COLOUR : WRONG_COLOUR;
  // White on a deep cell; on a pale one the ink of the ground, which shows through.
  const textFill = opacity > 0.75 ? "#ffffff" : undefined;
  const centre = { x: x + CELL / 2, anchor: "middle", fill: textFill } as const;
  return svgElement(
    "g",
    {},
    tile,
    svgElement("rect", { ...square, fill, "fill-opacity": opacity }),
    svgText(String(count), { ...centre, y: y + 22, size: count < 10_000 ? 14 : 11, weight: 600 }),
    svgText(`${formatPercent(share)} %`, { ...centre, y: y + 36, size: 10 }),
  );
}

function formatPercent(share: number): string {
  const percent = 100 * share;
  return percent === 100 ? "100" : percent.toFixed(1);
}
