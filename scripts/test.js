// npm test [-- vitest's arguments]: runs the tests and ends with their true totals, alone on the last line.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { countTests, formatTotals, longestFiles, secondTries, testsWithoutData } from "./test-totals.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const data = process.env.SPOKEN_DIGITS_DATA;

if (data && !(existsSync(data) && statSync(data).isDirectory())) {
  console.error(`SPOKEN_DIGITS_DATA must be a folder, got ${data}`);
  finish({ passed: 0, failed: 1, skipped: 0 });
}
const { report, exitCode } = runVitest(process.argv.slice(2));
console.log(`Longest:\n${longestFiles(report, ROOT).join("\n")}`);
const again = secondTries(report, ROOT);
if (again.length > 0) console.log(`Passed at the second try only:\n  ${again.join("\n  ")}`);
if (!data) sayWhatWasLeftOut(testsWithoutData(report, ROOT));
finish(countTests(report, exitCode));

/** @param {string[]} args */
function runVitest(args) {
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-test-"));
  const reportPath = join(folder, "report.json");
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportPath}`];
  // What npm runs before the tests has built dist/: workers from there start in a third of the time.
  const built = { SPOKEN_DIGITS_FRESH_BUILD: join(ROOT, "dist") };
  const env = { ...process.env, ...built, ...(data ? { SPOKEN_DIGITS_DATA: resolve(data) } : {}) };
  const { status } = spawnSync(process.execPath, [vitest, "run", ...reporters, ...args], {
    cwd: ROOT,
    env,
    stdio: "inherit",
  });
  const report = existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, "utf8")) : null;
  rmSync(folder, { recursive: true });
  return { report, exitCode: status };
}

/** @param {string[]} groups */
function sayWhatWasLeftOut(groups) {
  if (groups.length === 0) return;
  console.log(`Left out, since SPOKEN_DIGITS_DATA is not set: ${groups.join("; ")}.`);
  console.log("Run them with SPOKEN_DIGITS_DATA=FOLDER npm test, where FOLDER holds fsdd/recordings.");
}

/** @param {import("./test-totals.js").Totals} totals */
function finish(totals) {
  console.log(`\n${formatTotals(totals)}`);
  process.exit(totals.failed > 0 ? 1 : 0);
}
