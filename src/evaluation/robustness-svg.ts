import type { ReliabilityBin } from "./calibration.ts";
import { type ChartSeries, type LineChartOptions, lineChart, lineChartSvg } from "./line-chart-svg.ts";
import type { RobustnessFigures, RobustnessReport } from "./robustness.ts";
import type { RobustnessGroup } from "./robustness-conditions.ts";
import { svgDocument, svgElement } from "./svg-markup.ts";

type Side = "plain" | "denoised";

const WIDTH = 560;
const HEIGHT = 330;
const COLUMNS = 2;
const NOISES: readonly RobustnessGroup[] = ["white noise", "coloured noise", "recorded noise", "babble"];
const SINGLE_GROUPS: readonly { group: RobustnessGroup; title: string; xLabel: string }[] = [
  { group: "level", title: "Level", xLabel: "peak (dB of full scale)" },
  { group: "sample rate", title: "Through another sample rate", xLabel: "sample rate (Hz)" },
  { group: "mp3", title: "MP3", xLabel: "bit rate (kbit/s)" },
  { group: "opus", title: "Opus", xLabel: "bit rate (kbit/s)" },
  { group: "reverb", title: "Reverberation", xLabel: "reverberation time (ms)" },
  { group: "leading silence", title: "Leading silence", xLabel: "silence (ms)" },
  { group: "speaking rate", title: "Speaking rate", xLabel: "speaking rate (times as fast)" },
];

/**
 * The curves of a robustness report, two charts abreast: accuracy over the signal-to-noise ratio for each kind of noise,
 * without and with noise reduction; then accuracy over level, sample rate, bit rate, reverberation time, leading silence and
 * speaking rate, both in one chart. All share one y axis, so that they can be compared.
 *
 * @param report Groups that it lacks are left out.
 * @returns An SVG file.
 */
export function robustnessSvg(report: RobustnessReport): string {
  const charts = listCharts(report);
  const yRange: [number, number] = [lowestAccuracy(charts), 1];
  const nRows = Math.ceil(charts.length / COLUMNS);
  return svgDocument(
    {
      width: COLUMNS * WIDTH,
      height: Math.max(1, nRows) * HEIGHT,
      description: `Accuracy of ${report.n} clips of digits under noise, level, rate, reverberation, silence and speaking rate`,
    },
    ...charts.map((chart, index) =>
      svgElement(
        "g",
        {
          transform: `translate(${(index % COLUMNS) * WIDTH} ${Math.floor(index / COLUMNS) * HEIGHT})`,
        },
        lineChart({ ...chart, yRange, width: WIDTH, height: HEIGHT }),
      ),
    ),
  );
}

function listCharts(report: RobustnessReport): LineChartOptions[] {
  const noiseChart = (title: string, side: Side): LineChartOptions => ({
    title,
    xLabel: "signal-to-noise ratio (dB)",
    yLabel: "accuracy",
    yFormat: "percent",
    series: NOISES.map((group) => toSeries(report, { group, side, name: group })),
  });
  const single = SINGLE_GROUPS.map(
    ({ group, title, xLabel }): LineChartOptions => ({
      title,
      xLabel,
      yLabel: "accuracy",
      yFormat: "percent",
      series: [
        toSeries(report, { group, side: "plain", name: "as it is" }),
        toSeries(report, { group, side: "denoised", name: "noise reduced" }),
      ],
    }),
  );
  const charts = [
    noiseChart("Noise", "plain"),
    noiseChart("Noise, then noise reduction", "denoised"),
    ...single,
  ];
  return charts.filter((chart) => chart.series.some(({ points }) => points.length > 0));
}

function toSeries(
  report: RobustnessReport,
  options: { group: RobustnessGroup; side: Side; name: string },
): ChartSeries {
  const { group, side, name } = options;
  const accuracyOf = (row: Record<Side, RobustnessFigures>) => row[side].accuracy;
  const points = report.rows.flatMap((row): [number, number][] =>
    row.group === group && row.setting !== null ? [[row.setting, accuracyOf(row)]] : [],
  );
  return { name, points: points.sort(([a], [b]) => a - b) };
}

/** Rounded down to a tenth, so that the axis begins at a round number. */
function lowestAccuracy(charts: readonly LineChartOptions[]): number {
  const values = charts.flatMap(({ series }) => series.flatMap(({ points }) => points.map(([, y]) => y)));
  const lowest = values.reduce((least, value) => Math.min(least, value), 0.9);
  return Math.floor(10 * lowest + 1e-9) / 10;
}

/**
 * A reliability diagram: the share of right predictions over their confidence, against the line on which the two are the same.
 *
 * @param tables Of `reliabilityTable`, by the name of the test. Bins without predictions are passed over.
 * @returns An SVG file.
 */
export function reliabilitySvg(tables: Readonly<Record<string, readonly ReliabilityBin[]>>): string {
  const measured = Object.entries(tables).map(([name, bins]) => ({
    name,
    points: bins.flatMap(({ confidence, accuracy }): [number, number][] =>
      confidence === null || accuracy === null ? [] : [[confidence, accuracy]],
    ),
  }));
  const ideal: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  return lineChartSvg({
    title: "Reliability",
    xLabel: "confidence",
    yLabel: "share right",
    yFormat: "percent",
    yRange: [0, 1],
    series: [...measured, { name: "confidence = share right", points: ideal, faint: true }],
  });
}
