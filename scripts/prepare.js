// npm's `prepare`: builds dist/ where the sources are newer. Where npm prepares an install from git, which has nobody to
// build the page later, the page too.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrExit } from "./run-or-exit.js";

const SCRIPTS = dirname(fileURLToPath(import.meta.url));

await import("./build.js");
// What npm and pnpm set while they pack a clone.
if (process.env._PACOTE_NO_PREPARE_ !== undefined) {
  runOrExit(process.execPath, [join(SCRIPTS, "build-site.js"), "--if-needed"], {
    cwd: dirname(SCRIPTS),
    failure: "The page could not be built, see above.",
  });
}
