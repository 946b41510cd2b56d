// The package in runtimes for servers.

import { join } from "node:path";
import type { Environment, Result } from "./environment.ts";
import { makeProject, run, SAMPLE } from "./project.ts";

/** Prints the digit of a recording, and the one of the same recording as a Blob. */
export const PROGRAM = `import { readFile } from "node:fs/promises";
import { classifyRecording } from "spoken-digits";
const path = ${JSON.stringify(SAMPLE.path)};
const [byPath, asBlob] = [await classifyRecording(path), await classifyRecording(new Blob([await readFile(path)]))];
console.log(byPath.digit, asBlob.digit);
`;

/** What {@link PROGRAM} prints. */
export const EXPECTED = `${SAMPLE.digit} ${SAMPLE.digit}`;

/** Each runtime's trial, by name. */
export const RUNTIMES: Record<string, Environment> = {
  node: ({ tarball, folder }) => trial({ folder, packages: [tarball], command: process.execPath, args: [] }),
  bun: ({ tarball, folder }) => {
    const command = join(folder, "node_modules", ".bin", "bun");
    return trial({ folder, packages: [tarball, "bun"], command, args: ["run"] });
  },
  deno: ({ tarball, folder }) => {
    const command = join(folder, "node_modules", ".bin", "deno");
    return trial({ folder, packages: [tarball, "deno"], command, args: ["run", "--allow-all"] });
  },
};

type Trial = { folder: string; packages: string[]; command: string; args: string[] };

async function trial({ folder, packages, command, args }: Trial): Promise<Result> {
  makeProject(folder, packages, { "program.mjs": PROGRAM });
  const printed = run(command, [...args, "program.mjs"], folder).trim();
  const [version = ""] = run(command, ["--version"], folder).trim().split("\n");
  const what = "`classifyRecording` of a path and of a Blob";
  return { version, what, result: printed === EXPECTED ? `ok: ${printed}` : `failed: printed ${printed}` };
}
