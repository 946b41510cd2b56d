// npm start -- FILE...: says which digit is spoken in each file; without any, in the bundled samples.

import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(ROOT, "dist", "cli.js");
const args = process.argv.slice(2);

// npm changes into the package's folder; the caller's paths start where the caller is.
process.chdir(process.env.INIT_CWD ?? ROOT);
process.argv = [process.execPath, cli, "predict", ...(args.length > 0 ? args : bundledSamples())];
await import(pathToFileURL(cli).href);

function bundledSamples() {
  const folder = join(ROOT, "fixtures", "samples");
  const names = readdirSync(folder).filter((name) => name.endsWith(".wav"));
  return names.sort().map((name) => relative(process.cwd(), join(folder, name)));
}
