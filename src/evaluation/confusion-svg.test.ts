import { describe, expect, it } from "vitest";
import { confusionSvg } from "./confusion-svg.ts";

const zeros = () => Array.from({ length: 10 }, () => Array<number>(10).fill(0));

describe("confusionSvg", () => {
  it("shows each count with its share of the row, right answers and mistakes in two colours", () => {
    const confusion = zeros();
    confusion[3]![3] = 29;
    confusion[3]![2] = 1;
    const file = confusionSvg(confusion);
    expect(file).toContain(">29</text>");
    expect(file).toContain(">96.7 %</text>");
    expect(file).toContain(">3.3 %</text>");
    expect(file).toContain("29 of 30 clips right, 96.67 %");
    // 0.12 + 0.88 sqrt(1 / 30) and 0.12 + 0.88 sqrt(29 / 30).
    expect(file).toMatch(/fill="#d2691e" fill-opacity="0.28"/);
    expect(file).toMatch(/fill="#2f5fc4" fill-opacity="0.99"/);
  });

  it("draws a cell for each pair of digits, empty ones too", () => {
    expect(confusionSvg(zeros()).match(/class="tile"/g)).toHaveLength(100);
    expect(confusionSvg(zeros())).toContain("No clips");
    expect(confusionSvg(zeros())).not.toContain("NaN");
  });

  it("escapes its title", () => {
    expect(confusionSvg(zeros(), { title: "<script>&" })).toContain("&lt;script&gt;&amp;");
  });
});
