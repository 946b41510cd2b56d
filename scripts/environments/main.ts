// npm run verify:environments [-- NAME...]: packs the package, installs the tarball in folders of its own, and runs it
// there: under bundlers in Chromium, in other runtimes, by other package managers, as a command and by its types. Prints a
// table; exit code 1 when one fails. Without names, all of them; `bundlers`, `runtimes`, `managers` and `strangers` name groups.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BUNDLERS } from "./bundlers.ts";
import type { Environment, Result } from "./environment.ts";
import { MANAGERS } from "./managers.ts";
import { packTarball } from "./project.ts";
import { RUNTIMES } from "./runtimes.ts";
import { STRANGERS } from "./strangers.ts";

const GROUPS: Record<string, Record<string, Environment>> = {
  bundlers: BUNDLERS,
  runtimes: RUNTIMES,
  managers: MANAGERS,
  strangers: STRANGERS,
};

const { positionals: names } = parseArgs({ allowPositionals: true });
const chosen = Object.entries(GROUPS).flatMap(([group, environments]) =>
  Object.entries(environments).filter(
    ([name]) => names.length === 0 || names.includes(group) || names.includes(name),
  ),
);
const folder = mkdtempSync(join(tmpdir(), "spoken-digits-environments-"));
try {
  const tarball = packTarball(folder);
  console.log("| with | version | what ran | result |\n|---|---|---|---|");
  for (const [name, run] of chosen) {
    const { version, what, result } = await attempt(run, { tarball, folder: join(folder, name) });
    console.log(`| ${name} | ${version} | ${what} | ${result} |`);
    if (!result.startsWith("ok")) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function attempt(run: Environment, place: { tarball: string; folder: string }): Promise<Result> {
  try {
    return await run(place);
  } catch (error) {
    const [line] = String((error as Error).message)
      .trim()
      .split("\n")
      .slice(-1);
    if (process.env.SPOKEN_DIGITS_DEBUG) console.error(error);
    return { version: "", what: "", result: `failed: ${line}` };
  }
}
