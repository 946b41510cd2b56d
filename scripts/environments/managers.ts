// The tarball, installed by each package manager.

import { join } from "node:path";
import type { Environment } from "./environment.ts";
import { makeProject, run, writeFiles } from "./project.ts";
import { EXPECTED, PROGRAM } from "./runtimes.ts";

/** How the tarball is added, by each package manager's own command. */
const COMMANDS: Record<
  string,
  { packageName: string; bin: string; add: string[]; files?: Record<string, string> }
> = {
  "npm-10": { packageName: "npm@10", bin: "npm", add: ["install", "--no-audit"] },
  "npm-11": { packageName: "npm@11", bin: "npm", add: ["install", "--no-audit"] },
  "npm-12": { packageName: "npm@12", bin: "npm", add: ["install", "--no-audit"] },
  pnpm: { packageName: "pnpm@10", bin: "pnpm", add: ["add"] },
  yarn: { packageName: "yarn@1", bin: "yarn", add: ["add"] },
  "yarn-berry": {
    packageName: "@yarnpkg/cli-dist@4",
    bin: "yarn",
    add: ["add"],
    files: { ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n", "yarn.lock": "" },
  },
};

/** Each package manager's trial, by name. */
export const MANAGERS: Record<string, Environment> = Object.fromEntries(
  Object.entries(COMMANDS).map(([name, { packageName, bin, add, files = {} }]) => [
    name,
    async ({ tarball, folder }) => {
      const tool = join(folder, "tool");
      makeProject(tool, [packageName]);
      const command = join(tool, "node_modules", ".bin", bin);
      const project = join(folder, "project");
      const manifest = JSON.stringify({ name: "trial", private: true, type: "module" });
      writeFiles(project, { "package.json": manifest, "program.mjs": PROGRAM, ...files });
      run(command, [...add, bin === "yarn" ? `spoken-digits@file:${tarball}` : tarball], project);
      const printed = run(process.execPath, ["program.mjs"], project).trim();
      const version = run(command, ["--version"], project).trim();
      const what = "install of the tarball, then `classifyRecording` in Node.js";
      return {
        version,
        what,
        result: printed === EXPECTED ? `ok: ${printed}` : `failed: printed ${printed}`,
      };
    },
  ]),
);
