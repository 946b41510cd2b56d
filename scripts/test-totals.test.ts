import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countTests, formatTotals, longestFiles, secondTries, testsWithoutData } from "./test-totals.js";

function fileOf(statuses: string[], { name = "a.test.ts", status = "passed" } = {}) {
  const assertionResults = statuses.map((each, index) => ({
    status: each,
    ancestorTitles: ["on real data"],
    title: `test ${index}`,
  }));
  return { name, status, assertionResults };
}

describe("countTests", () => {
  test("counts over all files", () => {
    const report = { testResults: [fileOf(["passed", "passed"]), fileOf(["passed", "skipped", "todo"])] };
    expect(countTests(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  test("counts a failed test once", () => {
    const report = { testResults: [fileOf(["passed", "failed"], { status: "failed" })] };
    expect(countTests(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test("counts a file which failed as a whole as one failed test", () => {
    const report = { testResults: [fileOf(["passed"]), fileOf([], { status: "failed" })] };
    expect(countTests(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test.each([
    ["wrote no report", null, 1],
    ["was killed", null, null],
    ["ended with an error outside of every test", { testResults: [fileOf(["passed"])] }, 1],
    ["ran no test", { testResults: [] }, 0],
    ["skipped every test", { testResults: [fileOf(["skipped"])] }, 0],
  ])("counts at least one failed when vitest %s", (_, report, exitCode) => {
    expect(countTests(report, exitCode).failed).toBe(1);
  });
});

describe("formatTotals", () => {
  test("leaves skipped out when there are none", () => {
    expect(formatTotals({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
    expect(formatTotals({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
  });
});

test("testsWithoutData names skipped groups of files that want data, and no others", () => {
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-"));
  const [wanting, other] = [join(folder, "a.test.ts"), join(folder, "b.test.ts")];
  writeFileSync(wanting, "process.env.SPOKEN_DIGITS_DATA");
  writeFileSync(other, "nothing of the kind");
  const testResults = [
    fileOf(["skipped", "skipped"], { name: wanting }),
    fileOf(["skipped"], { name: other }),
  ];
  expect(testsWithoutData({ testResults }, folder)).toEqual(["a.test.ts: on real data (2)"]);
  rmSync(folder, { recursive: true });
});

test("secondTries names tests that passed after they had failed", () => {
  const { name, status, assertionResults } = fileOf(["passed", "passed", "failed"]);
  const failureMessages = ["expected 1 to be 2"];
  const tests = assertionResults.map((test, i) => ({
    ...test,
    failureMessages: i === 0 ? [] : failureMessages,
  }));
  const report = { testResults: [{ name: `/root/${name}`, status, assertionResults: tests }] };
  expect(secondTries(report, "/root")).toEqual(["a.test.ts: test 1"]);
  expect(secondTries(null, "/root")).toEqual([]);
});

test("longestFiles names ten, the longest first", () => {
  const testResults = Array.from({ length: 12 }, (_, i) => ({
    ...fileOf(["passed"], { name: `/root/test/${i}.test.ts` }),
    startTime: 5000,
    endTime: 5000 + 1250 * i,
  }));
  const files = longestFiles({ testResults }, "/root");
  expect(files).toHaveLength(10);
  expect(files[0]).toBe("  13.8 s  test/11.test.ts");
  expect(longestFiles(null, "/root")).toEqual([]);
});
