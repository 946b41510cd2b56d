// A batch over several machines, which are processes here, with a real Redis between them.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REDIS_PROGRAM, type RedisServer, startRedis } from "../support/redis-server.ts";
import { buildCli, runCli, SAMPLE } from "../support/run-cli.ts";
import { startS3 } from "../support/s3-stand-in.ts";
import { linesOf, makeRecordings, type Running, startCli, until } from "./batch-fixture.ts";

/** 5000 for the run that docs/results/batch.txt tells of. */
const N_RECORDINGS = Number(process.env.SPOKEN_DIGITS_BATCH ?? 300);

let folder = "";
let redis: RedisServer;
const started: Running[] = [];

const at = (name: string) => join(folder, name);

/** A worker that counts as gone after two seconds of silence. */
function startWorker(env: Record<string, string> = {}): Running {
  const args = ["work", "--queue", redis.url, "--workers", "1", "--stalled-ms", "2000"];
  const worker = startCli(args, env);
  started.push(worker);
  return worker;
}

const status = async () =>
  (await runCli(["batch", "--status", "--queue", redis.url], { cwd: folder })).stdout;

describe.skipIf(!REDIS_PROGRAM)("a batch over a queue (needs redis-server)", () => {
  beforeAll(async () => {
    buildCli();
    folder = mkdtempSync(join(tmpdir(), "spoken-digits-queue-"));
    makeRecordings(at("calls"), N_RECORDINGS);
    redis = await startRedis();
  });

  afterAll(async () => {
    for (const { child } of started) child.kill("SIGKILL");
    await redis.stop();
    rmSync(folder, { recursive: true });
  });

  test(`${N_RECORDINGS} recordings, one worker killed and one hung: each once, with the lines of one process`, async () => {
    const one = await runCli(["batch", "calls", "--out", "one.jsonl"], { cwd: folder });
    expect(one.exitCode).toBe(0);
    const [killed, hung] = [startWorker(), startWorker()];
    const out = at("queued.jsonl");
    const batch = startCli(["batch", at("calls"), "--queue", redis.url, "--out", out]);
    started.push(batch);
    await until(() => linesOf(out).length >= N_RECORDINGS / 6);
    killed.child.kill("SIGKILL");
    await until(() => linesOf(out).length >= N_RECORDINGS / 3);
    hung.child.kill("SIGSTOP");
    startWorker();
    expect({ exit: await batch.exit, stderr: batch.stderr() }).toMatchObject({ exit: 0 });
    // It comes back and finds that its recordings are others' by now.
    hung.child.kill("SIGCONT");
    const relative = linesOf(out).map((line) => line.replace(`${folder}/`, ""));
    expect(relative).toHaveLength(N_RECORDINGS);
    expect(relative.sort()).toEqual(linesOf(at("one.jsonl")).sort());
    hung.child.kill("SIGTERM");
    expect(await hung.exit).toBe(0);
    for (const { child } of started) child.kill("SIGKILL");
  }, 1_200_000);

  test("a recording that ends three workers is set aside, and those beside it are heard", async () => {
    const objects = new Map(Array.from({ length: 12 }, (_, i) => [`${i}.wav`, readFileSync(SAMPLE)]));
    let worker: Running;
    let deaths = 0;
    const s3 = await startS3(objects, (key) => {
      if (key !== "5.wav") return;
      deaths++;
      worker.child.kill("SIGKILL");
      worker = startWorker(s3.env);
    });
    worker = startWorker(s3.env);
    const out = at("killer.jsonl");
    const batch = startCli(["batch", "s3://calls/", "--queue", redis.url, "--out", out], s3.env);
    expect(await batch.exit).toBe(0);
    worker.child.kill("SIGKILL");
    s3.stop();
    const lines = linesOf(out).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(12);
    expect(lines.filter(({ digit }) => digit === 7)).toHaveLength(11);
    expect(lines.find(({ error }) => error)).toEqual({
      file: "s3://calls/5.wav",
      error: { code: "service-fault", message: "set aside: 3 workers ended while they heard it" },
    });
    expect(deaths).toBe(3);
  });

  test("no more than --max-jobs groups are in Redis; what is interrupted leaves none", async () => {
    const args = ["batch", at("calls"), "--queue", redis.url, "--max-jobs", "2", "--out", at("waits.jsonl")];
    const batch = startCli(args);
    await until(async () => /groups waiting +2\n/.test(await status()));
    batch.child.kill("SIGINT");
    expect(await batch.exit).toBe(130);
    expect(await status()).toMatch(/groups waiting +0\ngroups under way +0\nresults to fetch +0\n/);
  });

  test("a worker and a batch answer Prometheus, and the worker its probes", async () => {
    // Below the ports that systems give to outgoing connections.
    const worker = startCli(["work", "--queue", redis.url, "--metrics-port", "19464"]);
    started.push(worker);
    const get = (path: string) => fetch(`http://127.0.0.1:19464${path}`).catch(() => undefined);
    await until(async () => worker.child.exitCode !== null || (await get("/healthz"))?.ok);
    expect(worker.stderr()).not.toContain("EADDRINUSE");
    const out = at("metrics.jsonl");
    await startCli(["batch", SAMPLE, "--queue", redis.url, "--out", out]).exit;
    const text = await (await get("/metrics"))!.text();
    expect(text).toContain('spoken_digits_batch_recordings_total{outcome="done"} 1');
    expect(text).toMatch(/bullmq_job_count\{queue="spoken-digits", ?state="waiting"\} 0/);
    expect((await get("/else"))?.status).toBe(404);
  });

  test("no model at the worker ends the batch with the worker's error", async () => {
    startWorker();
    const args = ["batch", SAMPLE, "--queue", redis.url, "--model", "/no/such.onnx", "--out", "x.jsonl"];
    const { exitCode, stderr } = await runCli(args, { cwd: folder });
    expect(stderr).toMatch(/no\/such\.onnx/);
    expect(exitCode).toBe(1);
  });
});

test.each([
  ["redis://127.0.0.1:1", 1, "no Redis or Valkey answers at 127.0.0.1:1"],
  ["http://localhost", 2, "expected redis://HOST:PORT"],
])("a queue at %s is none", async (url, code, message) => {
  buildCli();
  const { exitCode, stderr } = await runCli(["work", "--queue", url], { cwd: tmpdir() });
  expect(stderr).toContain(message);
  expect(exitCode).toBe(code);
});
