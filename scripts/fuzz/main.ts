// npm run fuzz -- --minutes N: damages small files of every format, mostly in their structure, and decodes them in a
// process of its own. What ends that process, hangs, takes more than 300 MB or raises an error without a code is saved.
// With --service they go through a running service, with hostile and valid ones beside them.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/random.ts";
import { fuzzCorpus } from "./corpus.ts";
import { DecodeTarget } from "./decode-target.ts";
import { mutate } from "./mutate.ts";
import { fuzzService } from "./service-run.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string" },
    service: { type: "boolean", default: false },
    hostile: { type: "string", default: "../shared/cases/hostile" },
    out: { type: "string", default: "fixtures/fuzz" },
  },
});

const corpus = fuzzCorpus();
const [seed, from, count, minutes] = [
  values.seed,
  values.from,
  values.count ?? (values.service ? "0" : "Infinity"),
  values.minutes,
].map(Number) as [number, number, number, number];
process.exitCode = (
  values.service
    ? await fuzzService({ corpus, seed, from, count, minutes, hostile: values.hostile, onFault: report })
    : await fuzzDecoder()
)
  ? 0
  : 1;

async function fuzzDecoder(): Promise<boolean> {
  const target = new DecodeTarget();
  const ends = Date.now() + minutes * 60_000;
  const outcomes = new Map<string, number>();
  let [i, nFinds] = [from, 0];
  for (; i < from + count && Date.now() < ends; i++) {
    const bytes = mutate(corpus, createRandom(seed, i));
    const { outcome, fault } = await target.run(bytes);
    const kind = outcome.split(":")[0]!;
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    if (!fault) continue;
    nFinds++;
    report(fault, i, bytes);
  }
  target.stop();
  const counts = [...outcomes].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${n} ${kind}`);
  console.log(`${i - from} inputs of seed ${seed}, ${nFinds} finds: ${counts.join(", ")}`);
  return nFinds === 0;
}

function report(fault: string, index: number, bytes: Uint8Array): void {
  console.log(`input ${index} of seed ${seed}: ${fault}; saved as ${save(bytes)}`);
}

function save(bytes: Uint8Array): string {
  mkdirSync(values.out, { recursive: true });
  const path = `${values.out}/${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}.bin`;
  writeFileSync(path, bytes);
  return path;
}
