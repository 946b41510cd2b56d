// A chart of lines with axes, grid and legend, as an SVG picture.

import { scaleLinear } from "d3-scale";
import { type SvgAttributes, type SvgMarkup, svgDocument, svgElement, svgText } from "./svg-markup.ts";

/** One line of a chart. */
export type ChartSeries = {
  name: string;
  /** [x, y], joined in their order. One with a value that is not finite is passed over. */
  points: readonly (readonly [number, number])[];
  /** Draws the line thin and pale, for raw values behind smoothed ones. Default: false. */
  faint?: boolean;
};

/** What a line chart shows. */
export type LineChartOptions = {
  /** In large type above the chart. */
  title: string;
  /** Below the x axis, with the unit where there is one. */
  xLabel: string;
  /** Beside the y axis, with the unit where there is one. */
  yLabel: string;
  /** May be none. Six colours are dealt out in turn. */
  series: readonly ChartSeries[];
  /** Lowest and highest y shown; lines are cut off there. Default: what the points span, widened to round numbers. */
  yRange?: readonly [number, number];
  /** `percent` labels 0.5 as 50 %. Default: `number`. */
  yFormat?: "number" | "percent";
  /** In pixels. Default: 720. */
  width?: number;
  /** In pixels. Default: 380. */
  height?: number;
};

type Frame = { left: number; right: number; top: number; bottom: number };
type DrawableSeries = ChartSeries & { stroke: SvgAttributes; strokeWidth: number };
type Axis = { position: (value: number) => number; ticks: { label: string; at: number }[] };

// Hues that keep a contrast of 3 to 1 on white and on the dark ground, told apart by most colour-blind readers.
const COLOURS = ["#3d74d9", "#cf6a1f", "#1f9383", "#b4549f", "#8a7a1f", "#6b7688"];
const X_TICKS = 6;
const Y_TICKS = 6;
const MARGIN = 24;
const LEGEND_LINE = 20;

/**
 * A line chart with axes at round numbers, a grid and a legend.
 *
 * @returns An SVG file. Without any point it shows empty axes.
 */
export function lineChartSvg(options: LineChartOptions): string {
  const { width = 720, height = 380, title, series } = options;
  const description = `${title}: ${series.map((line) => line.name).join(", ")}`;
  return svgDocument({ width, height, description }, lineChart(options));
}

/** The chart of {@link lineChartSvg} as a group, its upper left corner at 0, 0, to be put beside others. */
export function lineChart(options: LineChartOptions): SvgMarkup {
  const { width = 720, height = 380, title } = options;
  const shown = options.series.map(toDrawable).filter(({ points }) => points.length > 0);
  const points = shown.flatMap((line) => line.points);
  const legend = layOutLegend(shown, width - 2 * MARGIN);
  const frame = {
    left: MARGIN + 52,
    right: width - MARGIN,
    top: 58 + legend.nLines * LEGEND_LINE,
    bottom: height - 56,
  };
  const xSpan = spanOf(points.map(([x]) => x));
  const xAxis = createAxis({ range: xSpan, from: frame.left, to: frame.right, nTicks: X_TICKS });
  const yAxis = createAxis({
    range: options.yRange ?? niceSpan(points.map(([, y]) => y)),
    from: frame.bottom,
    to: frame.top,
    nTicks: Y_TICKS,
    format: options.yFormat === "percent" ? "%" : undefined,
  });
  return svgElement(
    "g",
    {},
    svgText(title, { x: MARGIN, y: 34, size: 17, weight: 600 }),
    legend.markup,
    drawGrid(frame, xAxis, yAxis),
    drawAxisLabels(frame, options),
    ...shown.map((line) => drawSeries(line, { frame, xAxis, yAxis })),
  );
}

/** A series' colour is that of its place in the list, whether or not those before it have points. */
function toDrawable({ name, points, faint }: ChartSeries, index: number): DrawableSeries {
  return {
    name,
    points: points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
    stroke: { stroke: COLOURS[index % COLOURS.length]!, "stroke-opacity": faint ? 0.45 : undefined },
    strokeWidth: faint ? 1 : 2,
  };
}

function createAxis(options: {
  range: readonly [number, number];
  from: number;
  to: number;
  nTicks: number;
  format?: string;
}): Axis {
  const { range, from, to, nTicks, format } = options;
  const scale = scaleLinear().domain(range).range([from, to]);
  const formatTick = scale.tickFormat(nTicks, format);
  const toTick = (tick: number) => ({ label: formatTick(tick).replace("%", " %"), at: scale(tick) });
  return { position: scale, ticks: scale.ticks(nTicks).map(toTick) };
}

function niceSpan(values: readonly number[]): [number, number] {
  return scaleLinear().domain(spanOf(values)).nice(Y_TICKS).domain() as [number, number];
}

/** Not by spreading into Math.min, which a long training run would overflow. */
function spanOf(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const padding = low === high ? Math.abs(low) / 2 || 0.5 : 0;
  return [low - padding, high + padding];
}

function layOutLegend(
  series: readonly DrawableSeries[],
  width: number,
): { markup: SvgMarkup; nLines: number } {
  const items: SvgMarkup[] = [];
  let x = 0;
  let lineIndex = 0;
  for (const line of series) {
    const itemWidth = 26 + estimateWidth(line.name) + 22;
    if (x > 0 && x + itemWidth > width) {
      x = 0;
      lineIndex++;
    }
    items.push(legendItem(line, { x: MARGIN + x, y: 60 + lineIndex * LEGEND_LINE }));
    x += itemWidth;
  }
  return { markup: svgElement("g", {}, ...items), nLines: series.length === 0 ? 0 : lineIndex + 1 };
}

/** Of text at 12 pixels, on the generous side; SVG written without a browser cannot measure it. */
function estimateWidth(text: string): number {
  return [...text].length * 6.6;
}

function legendItem({ name, stroke }: DrawableSeries, { x, y }: { x: number; y: number }): SvgMarkup {
  const sample = { x1: x, x2: x + 18, y1: y - 4, y2: y - 4, ...stroke, "stroke-width": 3 };
  return svgElement("g", {}, svgElement("line", sample), svgText(name, { x: x + 25, y }));
}

function drawGrid(frame: Frame, xAxis: Axis, yAxis: Axis): SvgMarkup {
  const rows = yAxis.ticks.flatMap(({ label, at }) => [
    svgElement("line", { x1: frame.left, x2: frame.right, y1: at, y2: at, class: "grid" }),
    svgText(label, { x: frame.left - 10, y: at + 4, anchor: "end", size: 11, tone: "muted" }),
  ]);
  const columns = xAxis.ticks.flatMap(({ label, at }) => [
    svgElement("line", { x1: at, x2: at, y1: frame.bottom, y2: frame.bottom + 5, class: "axis" }),
    svgText(label, { x: at, y: frame.bottom + 19, anchor: "middle", size: 11, tone: "muted" }),
  ]);
  const baseLine = { x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom, class: "axis" };
  return svgElement("g", {}, ...rows, ...columns, svgElement("line", baseLine));
}

function drawAxisLabels(frame: Frame, { xLabel, yLabel }: LineChartOptions): SvgMarkup {
  const middle = (frame.top + frame.bottom) / 2;
  const x = MARGIN + 2;
  return svgElement(
    "g",
    {},
    svgText(xLabel, {
      x: (frame.left + frame.right) / 2,
      y: frame.bottom + 40,
      anchor: "middle",
      tone: "muted",
    }),
    svgText(yLabel, {
      x,
      y: middle,
      anchor: "middle",
      tone: "muted",
      transform: `rotate(-90 ${x} ${middle})`,
    }),
  );
}

function drawSeries(
  { points, stroke, strokeWidth }: DrawableSeries,
  { frame, xAxis, yAxis }: { frame: Frame; xAxis: Axis; yAxis: Axis },
): SvgMarkup {
  const clamp = (y: number) => Math.min(frame.bottom, Math.max(frame.top, y));
  const round = (value: number) => Math.round(value * 10) / 10;
  const placed = points.map(([x, y]) => [round(xAxis.position(x)), round(clamp(yAxis.position(y)))] as const);
  const [first, second] = placed;
  if (first && !second) {
    return svgElement("circle", { cx: first[0], cy: first[1], r: 3.5, fill: stroke.stroke });
  }
  return svgElement("polyline", {
    points: placed.map((point) => point.join(",")).join(" "),
    fill: "none",
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
    "stroke-width": strokeWidth,
    ...stroke,
  });
}
