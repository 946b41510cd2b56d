// A process with two workers, one of them busy for ever: for tests of what becomes of them when it ends.

import { startProcess } from "../../src/workers/worker-process.ts";
import type { ObedientCalls } from "./obedient-worker.ts";

const workers = [1, 2].map(() => startProcess<ObedientCalls>("../test/support/obedient-worker"));
await Promise.all(workers.map((worker) => worker.call("echo", { value: 1 })));
void workers[0]!.call("hang", { busy: true }).catch(() => undefined);
process.once("SIGTERM", async () => {
  await Promise.all(workers.map((worker) => worker.end()));
  process.exit(0);
});
process.stdout.write(`${JSON.stringify(workers.map(({ pid }) => pid))}\n`);
