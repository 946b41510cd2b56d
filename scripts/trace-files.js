// Preloaded into every process and thread of a program (`--import`): says which files of `src/` had a function called since it
// was asked last. Code that runs as a file loads is not counted.
//
// It is asked by a file: whenever the text of `phase` in the folder TRACE_FOLDER changes, each process and thread writes its
// list beside it. Signals would not reach threads.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const FOLDER = process.env.TRACE_FOLDER ?? "";
const LOOK_EVERY_MS = 10;

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

writeFileSync(join(FOLDER, `started-${process.pid}-${threadId}`), "");

let phase = "";
setInterval(() => {
  const asked = readFileSync(join(FOLDER, "phase"), "utf8");
  if (asked === "" || asked === phase) return;
  phase = asked;
  // The answer comes before `post` returns: the session is with its own thread.
  session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
    const files = result.filter(({ url, functions }) => isOurs(url) && functions.some(wasCalled));
    const paths = files.map(({ url }) => url.replace(/^.*\/(?=src\/)|\?.*$/g, ""));
    writeWhole(`${phase}-${process.pid}-${threadId}`, JSON.stringify(paths));
  });
}, LOOK_EVERY_MS).unref();

/**
 * Whoever looks for it sees all of it or nothing.
 *
 * @param {string} name
 * @param {string} text
 */
function writeWhole(name, text) {
  const path = join(FOLDER, `writing-${name}`);
  writeFileSync(path, text);
  renameSync(path, join(FOLDER, name));
}

/** @param {string} url */
function isOurs(url) {
  return /^file:.*\/src\/[^?]*\.ts(\?|$)/.test(url) && !url.includes("/node_modules/");
}

/**
 * The code of a file itself is a function without a name that begins where the file does.
 *
 * @param {import("node:inspector").Profiler.FunctionCoverage} coverage
 */
function wasCalled({ functionName, ranges }) {
  return ranges.some(({ count, startOffset }) => count > 0 && !(functionName === "" && startOffset === 0));
}
