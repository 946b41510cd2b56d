import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread of this folder. Built, it is a file of its own beside the bundle; from source it is TypeScript and
 * needs its loader first, which threads do not inherit.
 *
 * @param name Of its file, without the ending; in `dist/` the same.
 * @param options Passed on.
 */
export function spawnWorker(name: string, options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL(`./${name}.js`, import.meta.url), options);
  const source = JSON.stringify(new URL(`./${name}.ts`, import.meta.url).href);
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const code = `import { register } from ${loader}; register(); await import(${source});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}
