// npm run bench [-- NAMES... --json]: measures the package and prints each figure beside its target.

import { parseArgs } from "node:util";
import { benchAugmentation } from "./augmentation.bench.ts";
import { benchFormats } from "./formats.bench.ts";
import { benchLatency } from "./latency.bench.ts";
import { benchLive } from "./live.bench.ts";
import { describeMachine } from "./machine.ts";
import { benchPage } from "./page.bench.ts";
import { benchPrototype } from "./prototype.bench.ts";
import { formatResults, isMet, type Result } from "./result.ts";
import { benchStartUp } from "./start-up.bench.ts";
import { benchThroughput } from "./throughput.bench.ts";
import { benchTraining } from "./training.bench.ts";

const BENCHES: Record<string, () => Promise<Result[]>> = {
  latency: benchLatency,
  prototype: benchPrototype,
  formats: benchFormats,
  live: benchLive,
  throughput: benchThroughput,
  "start-up": benchStartUp,
  page: benchPage,
  training: benchTraining,
  augmentation: benchAugmentation,
};

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`bench: must be some of ${Object.keys(BENCHES).join(", ")}, got ${unknown.join(", ")}`);
  process.exit(2);
}

const results: Result[] = [];
const machine = describeMachine();
if (!values.json) console.log(`${Object.values(machine).join(", ")}\n`);
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
  const found = await BENCHES[name]!();
  results.push(...found);
  if (!values.json) console.log(`${name}\n${formatResults(found)}\n`);
}
if (values.json) {
  const withVerdict = results.map((result) => ({ ...result, met: isMet(result) }));
  console.log(JSON.stringify({ machine, results: withVerdict }, null, 2));
}
