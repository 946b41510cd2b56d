// Files made to bring a decoder down, through library, command line and service. None may end a process or hang it.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DecodeTarget } from "../../scripts/fuzz/decode-target.ts";
import { connect } from "../service-live/raw-client.ts";
import { hostileFiles } from "../support/hostile-files.ts";
import { blobOf, failureOf, ROOT, type Service, sample, startService } from "./service-fixture.ts";

const DATA = process.env.SPOKEN_DIGITS_DATA;
const files = Object.entries({ ...hostileFiles(), ...filesOf(join(DATA ?? "", "../cases/hostile")) });
const LONG = { timeout: 300_000 };

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test(
  "the library ends with a code or with sound, within 5 s of processor time and 300 MB",
  LONG,
  async () => {
    const target = new DecodeTarget();
    for (const [name, bytes] of files) {
      const { outcome, fault } = await target.run(bytes);
      expect(fault, name).toBeUndefined();
      expect(outcome, name).toMatch(/^(decoded|audio-[a-z-]+)$/);
    }
    target.stop();
  },
);

test("the command line has a line for each", LONG, async () => {
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-hostile-"));
  for (const [i, [, bytes]] of files.entries()) writeFileSync(join(folder, `${i}.wav`), bytes);
  writeFileSync(join(folder, "valid.wav"), sample(7));
  const args = ["--import", import.meta.resolve("tsx"), join(ROOT, "src/cli/main.ts"), "predict", folder];
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1e7 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: `${stdout}\n${stderr}` }),
    );
  });
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  for (const i of files.keys()) expect(output, files[i]![0]).toContain(`${i}.wav`);
  expect(output).toMatch(/valid\.wav.*\b7\b/);
});

test("the service answers each by HTTP, and goes on with the same processes", LONG, async () => {
  for (const [name, bytes] of files) {
    for (const path of ["/api/classify", "/api/transcribe"]) {
      const response = await service.ask(path, { method: "POST", body: blobOf(bytes) });
      expect(await failureOf(response), name).toMatch(/^(answered|audio-[a-z-]+)$/);
    }
  }
  const prediction = await (await service.classify(sample(7))).json();
  expect(prediction).toMatchObject({ digit: 7 });
  const metrics = await service.server.context.metrics.registry.metrics();
  expect(metrics).not.toMatch(/^spoken_digits_ended_workers_total\{.*\} [1-9]/m);
});

test("a live session takes their bytes for audio, or says what is wrong with it", LONG, async () => {
  for (const [name, bytes] of files.filter(([, { length }]) => length < 100_000)) {
    const { send, closed, messages } = await connect(service.url);
    send({ sampleRate: 8000, format: "f32le" });
    send(Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 4))));
    send({ end: true });
    expect([1000, 4422], `${name}: ${JSON.stringify(messages.at(-1))}`).toContain(await closed);
  }
});

function filesOf(folder: string): Record<string, Uint8Array> {
  if (!DATA) return {};
  const names = readdirSync(folder).filter((name) => !/\.(md|bin)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}
