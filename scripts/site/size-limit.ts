import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/**
 * Prints how much code and style the first visit loads, compressed, and fails the build beyond the limit: the page,
 * its worker without the ONNX runtime, and all that they import at once. Codecs come when a file needs them.
 *
 * @param limitBytes The most.
 */
export function sizeLimit(limitBytes: number): Plugin {
  return {
    name: "size-limit",
    apply: "build",
    writeBundle(_, bundle) {
      const size = firstLoad(Object.values(bundle)).reduce((sum, text) => sum + gzipSync(text).length, 0);
      const report = `first load: ${(size / 1000).toFixed(1)} kB of code and styles, compressed`;
      if (size > limitBytes) throw new Error(`${report}; the limit is ${limitBytes / 1000} kB`);
      this.info(report);
    },
  };
}

function firstLoad(files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]): (string | Uint8Array)[] {
  const styles = files.filter(({ fileName }) => fileName.endsWith(".css"));
  return styles.map((file) => (file.type === "asset" ? file.source : file.code));
}
