import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

// The page, its styles, its worker (with the script part of the ONNX runtime) and the one for the audio thread. What
// else there is comes later: the codecs when a file needs them, the service worker once all is shown.
const FIRST_LOAD = /^(index|worker-entry|engine-worker|capture-processor)-[\w-]+\.(js|css)$/;

/**
 * Prints how much code and style the first visit loads, compressed, and fails the build beyond the limit.
 *
 * @param limitKb The most, in kB.
 */
export function sizeLimit(limitKb: number): Plugin {
  let assets = "";
  return {
    name: "size-limit",
    apply: "build",
    configResolved: (config) => {
      assets = join(resolve(config.root, config.build.outDir), "assets");
    },
    writeBundle() {
      const names = readdirSync(assets).filter((name) => FIRST_LOAD.test(name));
      const bytes = names.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
      const report = `first load: ${(bytes / 1000).toFixed(1)} kB of code and styles, compressed`;
      if (bytes > limitKb * 1000) throw new Error(`${report}; the limit is ${limitKb} kB`);
      this.info(report);
    },
  };
}
