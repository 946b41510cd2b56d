// npm run fuzz -- --minutes N: damages small files of every format, mostly in their structure, and decodes them in a
// process of its own. What ends that process, hangs, takes more than 300 MB or raises an error without a code is saved.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/random.ts";
import { fuzzCorpus } from "./corpus.ts";
import { DecodeTarget } from "./decode-target.ts";
import { mutate } from "./mutate.ts";
import { ServiceTarget } from "./service-target.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string", default: "Infinity" },
    url: { type: "string" },
    out: { type: "string", default: "fixtures/fuzz" },
  },
});

const target = values.url ? new ServiceTarget(values.url) : new DecodeTarget();
const corpus = fuzzCorpus();
const ends = Date.now() + Number(values.minutes) * 60_000;
const outcomes = new Map<string, number>();
let nFinds = 0;
let i = Number(values.from);
for (const last = i + Number(values.count); i < last && Date.now() < ends; i++) {
  const bytes = mutate(corpus, createRandom(Number(values.seed), i));
  const { outcome, fault } = await target.run(bytes);
  const kind = outcome.split(":")[0]!;
  outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
  if (!fault) continue;
  nFinds++;
  console.log(`input ${i} of seed ${values.seed}: ${fault}; saved as ${save(bytes)}`);
}
target.stop();
const counts = [...outcomes].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${kind}`);
console.log(
  `${i - Number(values.from)} inputs of seed ${values.seed}, ${nFinds} finds: ${counts.join(", ")}`,
);
process.exitCode = nFinds > 0 ? 1 : 0;

function save(bytes: Uint8Array): string {
  mkdirSync(values.out, { recursive: true });
  const path = `${values.out}/${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}.bin`;
  writeFileSync(path, bytes);
  return path;
}
