// The entry of the worker. It imports nothing at once, so that no chunk shares code with it: a chunk that imports the entry runs
// it a second time where a browser takes the worker's own script and the imported one for two.

const early: MessageEvent[] = [];
self.onmessage = (event) => early.push(event);
import("./engine-worker.ts")
  .then(({ startWorker }) => startWorker(early))
  .catch((error: unknown) => reportError(error));
