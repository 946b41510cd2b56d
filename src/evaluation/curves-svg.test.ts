import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { curvesSvg } from "./curves-svg.ts";

const RECORDS = [
  { step: 0, loss: 2.4 },
  { step: 100, loss: 1.2, validationLoss: 1.3, validationAccuracy: 0.7 },
  { step: 200, loss: 0.8, validationLoss: 0.9, validationAccuracy: 0.9, eta: "1 min" },
];

const countLines = (file: string) => file.match(/<polyline/g)?.length ?? 0;

describe("curvesSvg", () => {
  it("draws losses above and accuracies below, of the fields there are", () => {
    const file = curvesSvg(RECORDS);
    expect(countLines(file)).toBe(3);
    expect(file.indexOf(">Loss<")).toBeLessThan(file.indexOf(">Accuracy<"));
    expect(file).toMatch(/height="660"/);
  });

  it("leaves out a chart of which nothing was logged", () => {
    const file = curvesSvg(RECORDS.map(({ step, loss }) => ({ step, loss })));
    expect(countLines(file)).toBe(1);
    expect(file).not.toContain("Accuracy");
    expect(file).toMatch(/height="330"/);
  });

  it("passes over fields that are no finite numbers", () => {
    const records = [...RECORDS, { step: 300, loss: Number.NaN }, { step: 400, loss: null }];
    const [line] = /<polyline points="[^"]*"/.exec(curvesSvg(records))!;
    expect(line.split(" ")).toHaveLength(4);
  });

  it.each([[[]], [[{ step: 1, note: "started" }]]])("rejects a log that holds nothing to draw", (records) => {
    expect(() => curvesSvg(records)).toThrow(InvalidArgumentError);
  });
});
