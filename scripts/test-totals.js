// Reads vitest's JSON report: the true totals, and what was left out for want of data.

import { readFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * @typedef {{ status: string, ancestorTitles: string[], title: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, startTime?: number, endTime?: number, assertionResults: Assertion[] }} TestFile
 * @typedef {{ testResults: TestFile[] }} JsonReport
 * @typedef {{ passed: number, failed: number, skipped: number }} Totals
 */

/**
 * Counts the tests of a run. A file that failed as a whole (it did not load, or a hook threw) counts as one failed
 * test when none of its tests did, and so does a run that ended badly for any other reason or ran no test.
 *
 * @param {JsonReport | null} report Vitest's JSON report, null when it wrote none.
 * @param {number | null} exitCode Vitest's exit code, null when it was killed.
 * @returns {Totals}
 */
export function countTests(report, exitCode) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const failedBefore = totals.failed;
    for (const { status } of file.assertionResults) {
      if (status === "passed") totals.passed++;
      else if (status === "failed") totals.failed++;
      else totals.skipped++;
    }
    if (file.status === "failed" && totals.failed === failedBefore) totals.failed++;
  }
  const endedBadly = exitCode !== 0 || totals.passed === 0;
  return { ...totals, failed: endedBadly ? Math.max(totals.failed, 1) : totals.failed };
}

/**
 * One line of totals, in the form which continuous integration reads.
 *
 * @param {Totals} totals
 * @returns {string} For example `12 passed, 0 failed, 3 skipped`.
 */
export function formatTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * Lists the skipped groups of tests in files that read the environment variable SPOKEN_DIGITS_DATA.
 *
 * @param {JsonReport | null} report Vitest's JSON report.
 * @param {string} root Folder the files are named from.
 * @returns {string[]} For example `test/accuracy.test.ts: compact on the official split (3)`.
 */
export function testsWithoutData(report, root) {
  return (report?.testResults ?? []).flatMap((file) => {
    const skipped = file.assertionResults.filter(({ status }) => status !== "passed" && status !== "failed");
    if (skipped.length === 0 || !readFileSync(file.name, "utf8").includes("SPOKEN_DIGITS_DATA")) return [];
    const groups = new Map();
    for (const { ancestorTitles, title } of skipped) {
      const group = ancestorTitles[0] || title;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    return [...groups].map(([group, count]) => `${relative(root, file.name)}: ${group} (${count})`);
  });
}

/**
 * Lists the tests that failed once and then passed.
 *
 * @param {JsonReport | null} report Vitest's JSON report.
 * @param {string} root Folder the files are named from.
 * @returns {string[]} For example `test/web/live.test.ts: hears seven`.
 */
export function secondTries(report, root) {
  return (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages = [] }) => status === "passed" && failureMessages.length > 0)
      .map(({ title }) => `${relative(root, name)}: ${title}`),
  );
}

const NAMED_FILES = 10;

/**
 * The files that took longest, so that whoever has to wait knows for what.
 *
 * @param {JsonReport | null} report Vitest's JSON report.
 * @param {string} root Folder the files are named from.
 * @returns {string[]} At most ten, the longest first, for example `41.2 s  test/cases.test.ts`.
 */
export function longestFiles(report, root) {
  return (report?.testResults ?? [])
    .map(({ name, startTime = 0, endTime = 0 }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, NAMED_FILES)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${relative(root, name)}`);
}
