// npm run verify: formatting, lint, types, layering, doc comments, error codes and lock file, then the tests.

import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pMap from "p-map";
import { ERROR_CODES } from "../src/errors.ts";
import { findDocFaults } from "./check-docs.ts";
import { findEngineFaults } from "./check-engines.ts";
import { findUntestedCodes } from "./check-error-tests.ts";
import { findLayerFaults } from "./check-layers.ts";
import { findStructureFaults } from "./check-structure.ts";
import { findOldWords, GLOSSARY } from "./check-words.ts";
import { findPathFaults } from "./count-path-files.ts";
import { npmCommand } from "./installation.js";
import { findLicenceFaults, shippedPackages } from "./licences.js";
import { readSourceFiles } from "./source-files.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Large enough for what is there; to be lowered whenever something is made simpler. */
const STRUCTURE_LIMITS = {
  fileLines: 300,
  sourceLines: 46_897,
  smallFilesOfOneImporter: 12,
  closures: {
    "src/training/protocols.ts": 70,
    "src/training/trainer.ts": 27,
    "src/training/step-worker.ts": 14,
  },
  circlesAllowedIn: ["src/graph/"],
};

/** Checks that run at once: most are programs that keep one core busy. */
const CHECKS_AT_ONCE = 2;
/** Each check returns its faults, one a line. */
const CHECKS: Record<string, () => string[] | Promise<string[]>> = {
  "format and lint": () => faultsOfProgram("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]),
  types: () => faultsOfProgram("typescript/bin/tsc", ["--noEmit"]),
  "types without DOM and Node": () =>
    faultsOfProgram("typescript/bin/tsc", ["--noEmit", "-p", "tsconfig.portable.json"]),
  "types of the page": () => faultsOfProgram("typescript/bin/tsc", ["--noEmit", "-p", "tsconfig.web.json"]),
  "types of the client without Node": () =>
    faultsOfProgram("typescript/bin/tsc", ["--noEmit", "-p", "tsconfig.client.json"]),
  "the tarball by publint, its types by attw": faultsOfTarball,
  layers: () => findLayerFaults(readSourceFiles(ROOT, ["src"])),
  structure: () => findStructureFaults(readSourceFiles(ROOT, ["src"]), STRUCTURE_LIMITS),
  "files that a call passes": findPathFaults,
  "no unused files and exports": () =>
    faultsOfProgram("knip/bin/knip.js", ["--include", "files,exports,types,duplicates,dependencies"]),
  "the field's words": () => findOldWords(readSourceFiles(ROOT, ["src"]), GLOSSARY),
  "the API reference by typedoc": () => faultsOfProgram("typedoc/bin/typedoc", ["--emit", "none"]),
  "doc comments": () => findDocFaults(readSourceFiles(ROOT, ["src"])),
  "a test for each error code": () =>
    findUntestedCodes(Object.keys(ERROR_CODES), readSourceFiles(ROOT, ["src", "test"])),
  "licences of what ships": () => findLicenceFaults(shippedPackages(ROOT)),
  "every dependency runs on each Node.js of engines": () => findEngineFaults(ROOT),
  "no addresses in package-lock.json": () =>
    readFileSync(join(ROOT, "package-lock.json"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"resolved": "http')),
  "package-lock.json installs": () => {
    const { command, args, shell } = npmCommand(["ci", "--dry-run", "--offline"]);
    return faultsOf(command, args, { shell });
  },
};

const checksOnly = process.argv.includes("--checks-only");
let failed = 0;
await pMap(Object.keys(CHECKS), runCheck, { concurrency: CHECKS_AT_ONCE });
const tests = checksOnly
  ? { status: 0 }
  : spawnSync(process.execPath, [join(ROOT, "scripts", "test.js")], { cwd: ROOT, stdio: "inherit" });
process.exitCode = failed > 0 || tests.status !== 0 ? 1 : 0;

async function runCheck(name: string): Promise<void> {
  const faults = await CHECKS[name]!();
  console.log(faults.length === 0 ? `ok      ${name}` : `failed  ${name}`);
  for (const fault of faults) console.log(`        ${fault}`);
  if (faults.length > 0) failed++;
}

/** Packs what is built; `npm pack` by itself would build it all anew. */
async function faultsOfTarball(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-tarball-"));
  try {
    for (const step of [["build.js"], ["build-site.js", "--if-needed"], ["licences.js"]]) {
      const faults = await faultsOf(process.execPath, [join(ROOT, "scripts", step[0]!), ...step.slice(1)]);
      if (faults.length > 0) return faults;
    }
    const { command, args, shell } = npmCommand(["pack", "--ignore-scripts", "--pack-destination", folder]);
    const faults = await faultsOf(command, args, { shell });
    if (faults.length > 0) return faults;
    const tarball = join(folder, readdirSync(folder)[0]!);
    return [
      ...(await faultsOfProgram("publint/src/cli.js", ["run", tarball, "--strict"])),
      ...(await faultsOfProgram("@arethetypeswrong/cli/dist/index.js", [tarball, "--profile", "esm-only"])),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function faultsOfProgram(script: string, args: string[]): Promise<string[]> {
  return faultsOf(process.execPath, [join(ROOT, "node_modules", script), ...args]);
}

function faultsOf(command: string, args: string[], options: { shell?: boolean } = {}): Promise<string[]> {
  return new Promise((resolve) => {
    const limits = { cwd: ROOT, maxBuffer: 64e6 };
    execFile(command, args, { ...limits, ...options }, (error, stdout, stderr) =>
      resolve(error ? `${stdout}${stderr || error.message}`.trimEnd().split("\n") : []),
    );
  });
}
