import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread. Built, its code is a file of its own beside the bundle; from source it is TypeScript and needs its
 * loader first, which threads do not inherit.
 *
 * @param path Of its file in `src/`, without the ending, for example `server/live-worker`; in `dist/` it has the same name.
 * @param options Passed on.
 */
export function spawnWorker(path: string, options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith(".ts")) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return new Worker(new URL(`./${name}.js`, import.meta.url), options);
  }
  const source = JSON.stringify(new URL(`./${path}.ts`, import.meta.url).href);
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const code = `import { register } from ${loader}; register(); await import(${source});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}
