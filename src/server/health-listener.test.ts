import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { type HealthListener, type HealthListenerOptions, startHealthListener } from "./health-listener.ts";

let listener: HealthListener | undefined;
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

async function start(options: Partial<HealthListenerOptions> = {}): Promise<HealthListener> {
  listener = await startHealthListener({ host: "127.0.0.1", port: 0, ...options });
  return listener;
}

async function ask({ port }: HealthListener, path: string): Promise<unknown[]> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const { status, code } = (await response.json()) as { status?: string; code?: string };
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  return [response.status, status ?? code];
}

describe("the listener for health alone", () => {
  test("says at once that the process goes on, and that it takes work when it is told so", async () => {
    const health = await start();
    expect(await ask(health, "/healthz")).toEqual([200, "ok"]);
    expect(await ask(health, "/readyz")).toEqual([503, "service-busy"]);
    health.follow(() => "ready");
    expect(await ask(health, "/readyz?from=a-balancer")).toEqual([200, "ok"]);
    health.follow(() => "stopping");
    expect(await ask(health, "/readyz")).toEqual([503, "service-stopping"]);
    health.follow(() => "noWorker");
    expect(await ask(health, "/readyz")).toEqual([503, "service-busy"]);
    expect(await ask(health, "/healthz")).toEqual([200, "ok"]);
  });

  test("has nothing else", async () => {
    expect(await ask(await start(), "/api/model")).toEqual([404, "request-not-found"]);
  });

  test("says so when the main thread stands still, and that it goes on again", async () => {
    const health = await start({ maxSilenceMs: 600 });
    await expect.poll(() => ask(health, "/healthz"), { timeout: 20_000 }).toEqual([200, "ok"]);
    // This thread stands still until the process has ended.
    expect(askInProcess(health.port)).toBe("503");
    await expect.poll(() => ask(health, "/healthz"), { timeout: 20_000 }).toEqual([200, "ok"]);
  });

  test("makes the oldest of its connections give way", async () => {
    const health = await start();
    const sockets = Array.from({ length: 80 }, () => fetch(`http://127.0.0.1:${health.port}/healthz`));
    const answers = await Promise.allSettled(sockets);
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(60);
    expect(await ask(health, "/healthz")).toEqual([200, "ok"]);
  });

  test("does not start where another listens", async () => {
    const { port } = await start();
    const other = startHealthListener({ host: "127.0.0.1", port });
    await expect(other).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("--health-port"),
    });
  });
});

/** Asks after health until that is bad. @returns The status that it had last. */
function askInProcess(port: number): string {
  const script = `
    const end = Date.now() + 20_000;
    let status;
    while (status !== 503 && Date.now() < end) ({ status } = await fetch("http://127.0.0.1:${port}/healthz"));
    process.stdout.write(String(status));`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }).stdout;
}
