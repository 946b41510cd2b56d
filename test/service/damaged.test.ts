import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRandom, type Random } from "../../src/random.ts";
import { failureOf, libraryAnswer, ROOT, sample, startService } from "./service-fixture.ts";

const N_FILES = 1000;
const AT_ONCE = 8;
const FOLDER = join(ROOT, "fixtures", "audio");
const CONTENTS = readdirSync(FOLDER)
  .filter((name) => !name.endsWith(".md"))
  .map((name) => new Uint8Array(readFileSync(join(FOLDER, name))));

test("a thousand damaged files in a row are answered or refused by name, and the server goes on", async () => {
  const service = await startService({ maxDurationMs: "5000" });
  const outcomes = new Map<string, number>();
  let next = 0;
  const sendAll = async (): Promise<void> => {
    while (next < N_FILES) {
      const outcome = await send(next++);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendAll));

  const { pool } = service.server.context;
  expect([...outcomes.values()].reduce((sum, n) => sum + n, 0)).toBe(N_FILES);
  expect(outcomes.get("answered") ?? 0).toBeGreaterThan(50);
  expect(outcomes.get("audio-truncated") ?? 0).toBeGreaterThan(20);
  expect(outcomes.get("audio-damaged") ?? 0).toBeGreaterThan(10);
  expect([...outcomes.keys()].filter((outcome) => outcome.startsWith("service-"))).toEqual([]);
  expect([pool.workers, pool.running, pool.queued]).toEqual([1, 0, 0]);
  const { probs } = await libraryAnswer(sample(7));
  expect(await (await service.classify(sample(7))).json()).toMatchObject({ probs });
  await service.close();

  async function send(index: number): Promise<string> {
    const random = createRandom(1, index);
    const response = await service.classify(damage(CONTENTS[index % CONTENTS.length]!, random));
    return failureOf(response);
  }
});

/** Cuts a file, overwrites bytes anywhere or in its header, or does both. */
function damage(content: Uint8Array, random: Random): Uint8Array {
  const cut = random.chance(0.4) ? content.slice(0, random.integer(1, content.length)) : content.slice();
  const reach = random.chance(0.5) ? Math.min(cut.length, 64) : cut.length;
  for (let n = random.integer(0, 8); n > 0; n--) cut[random.integer(0, reach)] = random.integer(0, 256);
  return cut;
}
