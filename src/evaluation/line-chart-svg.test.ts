import { describe, expect, it } from "vitest";
import { type LineChartOptions, lineChartSvg } from "./line-chart-svg.ts";

const BASE = { title: "Loss", xLabel: "step", yLabel: "loss" };
const chart = (series: LineChartOptions["series"], options: Partial<LineChartOptions> = {}) =>
  lineChartSvg({ ...BASE, ...options, series });

/** The corners of each line in pixels. */
function linesOf(file: string): number[][][] {
  return [...file.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(" ").map((point) => point.split(",").map(Number)),
  );
}

const textsOf = (file: string) => [...file.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

describe("lineChartSvg", () => {
  it("places points in proportion between the round numbers around them", () => {
    const file = chart(
      [
        {
          name: "a",
          points: [
            [0, 0],
            [5, 1],
            [10, 2],
          ],
        },
      ],
      { width: 720, height: 380 },
    );
    const [line] = linesOf(file);
    // The plot is from 76 to 696 pixels across and, with one line of legend, from 78 to 324 down.
    expect(line).toEqual([
      [76, 324],
      [386, 201],
      [696, 78],
    ]);
    expect(textsOf(file)).toEqual(
      expect.arrayContaining(["0.0", "0.5", "1.0", "1.5", "2.0", "0", "2", "10"]),
    );
  });

  it("labels shares as per cent, with as many places as they need", () => {
    const points = [
      [0, 0.985],
      [1, 0.995],
    ] as const;
    const texts = textsOf(chart([{ name: "a", points }], { yFormat: "percent" }));
    expect(texts).toEqual(expect.arrayContaining(["98.6 %", "99.0 %"]));
    expect(new Set(texts.filter((text) => text!.endsWith("%"))).size).toBeGreaterThan(3);
  });

  it("cuts lines off at the range given", () => {
    const file = chart(
      [
        {
          name: "a",
          points: [
            [0, -5],
            [1, 0.5],
            [2, 9],
          ],
        },
      ],
      { yRange: [0, 1] },
    );
    expect(linesOf(file)[0]!.map(([, y]) => y)).toEqual([324, 201, 78]);
  });

  it("passes over values that are not finite", () => {
    const points = [
      [0, 1],
      [1, Number.NaN],
      [2, Number.POSITIVE_INFINITY],
      [Number.NaN, 1],
      [3, 2],
    ] as const;
    expect(linesOf(chart([{ name: "a", points }]))[0]).toHaveLength(2);
  });

  it.each([
    ["no series", []],
    ["no points", [{ name: "a", points: [] }]],
    ["one point", [{ name: "a", points: [[3, 4]] }]],
    [
      "a level line at zero",
      [
        {
          name: "a",
          points: [
            [0, 0],
            [1, 0],
          ],
        },
      ],
    ],
    [
      "very large values",
      [
        {
          name: "a",
          points: [
            [0, 1e300],
            [1, -1e300],
          ],
        },
      ],
    ],
    [
      "very small values",
      [
        {
          name: "a",
          points: [
            [0, 1e-12],
            [1, 3e-12],
          ],
        },
      ],
    ],
  ] as [string, LineChartOptions["series"]][])("draws %s without NaN", (_title, series) => {
    expect(chart(series)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("draws a single point as a dot", () => {
    expect(chart([{ name: "a", points: [[3, 4]] }])).toMatch(/<circle cx="386" cy="201"/);
  });

  it("draws more points than a call takes arguments", () => {
    const points = Array.from({ length: 200_000 }, (_, i) => [i, i % 7] as const);
    expect(linesOf(chart([{ name: "a", points }]))[0]).toHaveLength(200_000);
  });

  it("wraps a long legend and makes room for it", () => {
    const series = Array.from({ length: 12 }, (_, i) => ({
      name: `a series of name ${i}`,
      points: [
        [0, i],
        [1, i],
      ] as const,
    }));
    const file = chart(series);
    const rows = new Set(
      [...file.matchAll(/y="(\d+)" font-size="12" class="ink"/g)].map(([, y]) => Number(y)),
    );
    expect(rows.size).toBe(4);
    const top = Math.min(
      ...linesOf(file)
        .flat()
        .map(([, y]) => y!),
    );
    expect(top).toBeGreaterThan(Math.max(...rows));
  });

  it("keeps a series' colour when another has no points", () => {
    const b = {
      name: "b",
      points: [
        [0, 1],
        [1, 2],
      ] as const,
    };
    const colourOf = (file: string) => /<polyline[^>]*stroke="(#\w+)"/.exec(file)?.[1];
    expect(colourOf(chart([{ name: "a", points: [] }, b]))).toBe("#cf6a1f");
    expect(textsOf(chart([{ name: "a", points: [] }, b]))).not.toContain("a");
  });

  it("draws faint series thinner", () => {
    const points = [
      [0, 1],
      [1, 2],
    ] as const;
    expect(chart([{ name: "a", points, faint: true }])).toMatch(
      /stroke-width="1" stroke="#3d74d9" stroke-opacity="0.45"/,
    );
  });

  it("escapes names, labels and the title", () => {
    const file = chart(
      [
        {
          name: "<a>",
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
      { title: "T & <t>", xLabel: "<x>", yLabel: `"y"` },
    );
    expect(textsOf(file)).toEqual(
      expect.arrayContaining(["&lt;a&gt;", "T &amp; &lt;t&gt;", "&lt;x&gt;", "&quot;y&quot;"]),
    );
  });
});
