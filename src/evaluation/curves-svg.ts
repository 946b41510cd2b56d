import { InvalidArgumentError } from "../errors.ts";
import { type ChartSeries, lineChart } from "./line-chart-svg.ts";
import { svgDocument, svgElement } from "./svg-markup.ts";

/** A line of a training log: the step and whatever was measured at it. */
export type LogRecord = { step: number } & Record<string, unknown>;

/** A chart of a training log. */
export type CurvePanel = {
  title: string;
  yLabel: string;
  /** Which fields of a record are drawn, and under which names. A field that no record has is left out. */
  series: readonly { key: string; name: string }[];
  yFormat?: "number" | "percent";
  yRange?: readonly [number, number];
};

/** What {@link curvesSvg} draws by default: loss above, accuracy below. */
const DEFAULT_PANELS: readonly CurvePanel[] = [
  {
    title: "Loss",
    yLabel: "loss",
    series: [
      { key: "loss", name: "training" },
      { key: "validationLoss", name: "validation" },
    ],
  },
  {
    title: "Accuracy",
    yLabel: "accuracy",
    series: [
      { key: "accuracy", name: "training" },
      { key: "validationAccuracy", name: "validation" },
    ],
    yFormat: "percent",
  },
];

const WIDTH = 720;
const PANEL_HEIGHT = 330;

/**
 * The curves of a training run, one chart below the other, over the step.
 *
 * @param records In the order of their steps. A record that lacks a field, or in which it is no finite number, is passed
 *   over in that field's line.
 * @param options.panels Default: {@link DEFAULT_PANELS}. A panel of which nothing was logged is left out.
 * @param options.description For screen readers. Default: `Training curves`.
 * @returns An SVG file.
 * @throws {InvalidArgumentError} The records hold nothing that the panels show.
 */
export function curvesSvg(
  records: readonly LogRecord[],
  options: { panels?: readonly CurvePanel[]; description?: string } = {},
): string {
  const { panels = DEFAULT_PANELS, description = "Training curves" } = options;
  const charts = panels
    .map((panel) => ({
      ...panel,
      series: panel.series.map(({ key, name }) => readSeries(records, key, name)),
    }))
    .filter((panel) => panel.series.some(({ points }) => points.length > 0));
  if (charts.length === 0) {
    const keys = panels.flatMap((panel) => panel.series.map(({ key }) => key));
    throw new InvalidArgumentError(
      `curvesSvg: expected records with one of ${keys.join(", ")}, got ${records.length} without`,
    );
  }
  return svgDocument(
    { width: WIDTH, height: charts.length * PANEL_HEIGHT, description },
    ...charts.map((chart, index) =>
      svgElement(
        "g",
        { transform: `translate(0 ${index * PANEL_HEIGHT})` },
        lineChart({ ...chart, xLabel: "step", width: WIDTH, height: PANEL_HEIGHT }),
      ),
    ),
  );
}

function readSeries(records: readonly LogRecord[], key: string, name: string): ChartSeries {
  const points = records.flatMap((record): [number, number][] => {
    const value = record[key];
    return typeof value === "number" && Number.isFinite(value) ? [[record.step, value]] : [];
  });
  return { name, points };
}
