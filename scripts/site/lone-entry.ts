import type { Plugin } from "vite";

/**
 * Fails the build where a chunk of a worker imports the worker's entry: some browsers would run the entry a second time.
 *
 * @returns A plugin for the workers of the page.
 */
export function loneEntry(): Plugin {
  return {
    name: "lone-entry",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const entries = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
      for (const { fileName, imports, dynamicImports } of chunks) {
        const entry = [...imports, ...dynamicImports].find((name) => entries.has(name));
        if (entry) this.error(`${fileName} imports the worker's entry ${entry}`);
      }
    },
  };
}
