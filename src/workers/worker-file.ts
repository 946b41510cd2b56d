// Where the code of a worker is.

import { existsSync } from "node:fs";

/**
 * The file of a worker's code: bundled, it lies beside this code. From source it is TypeScript, which takes a second to load,
 * unless the environment's `SPOKEN_DIGITS_FRESH_BUILD` names the folder of a build of the same source, as `npm test` does.
 *
 * @param path Of its file in `src/`, without the ending, for example `training/step-worker`; a bundle has the same name.
 */
export function workerFile(path: string): URL {
  const bundle = `${path.slice(path.lastIndexOf("/") + 1)}.js`;
  if (!import.meta.url.endsWith(".ts")) return new URL(`./${bundle}`, import.meta.url);
  const built = process.env.SPOKEN_DIGITS_FRESH_BUILD;
  const fresh = built && new URL(`file://${built}/${bundle}`);
  return fresh && existsSync(fresh) ? fresh : new URL(`../${path}.ts`, import.meta.url);
}
