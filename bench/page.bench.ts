import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { buildSite } from "../scripts/build-site.js";
import { launchChromium } from "../scripts/site/chromium.ts";
import { quantile } from "./measure.ts";
import type { Result } from "./result.ts";
import { startServerProcess } from "./server/server-process.ts";

const RUNS = 5;
const BITS_PER_SECOND = 9e6;

/** A line to a server: slow downwards, and it counts. */
type Line = { url: string; receivedBytes(): number; close(): void };

/** The first visit to the page, with nothing in the cache, over a line of 9 Mbit/s: until it has heard a sample. */
export async function benchPage(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-bench-"));
  await buildSite({ folder, quiet: true, compress: true });
  const server = await startServerProcess({ args: ["--site", folder] });
  const browser = await launchChromium();
  const visits: { ms: number; megabytes: number }[] = [];
  for (let i = 0; i < RUNS; i++) visits.push(await visit(browser, Number(new URL(server.url).port)));
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
  const times = visits.map(({ ms }) => ms);
  const megabytes = quantile(
    visits.map((seen) => seen.megabytes),
    0.5,
  );
  return [
    {
      name: "first visit at 9 Mbit/s, to the first output",
      unit: "ms",
      value: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      target: { atMost: 6000 },
    },
    { name: "loaded until then", unit: "MB", value: megabytes, target: { atMost: 4.5 } },
  ];
}

async function visit(browser: Browser, port: number): Promise<{ ms: number; megabytes: number }> {
  const line = await startLine(port);
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(line.url, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Sample 6: six" }).click();
  await page.locator(".entry").first().waitFor();
  const seen = { ms: performance.now() - start, megabytes: line.receivedBytes() / 1e6 };
  await context.close();
  line.close();
  return seen;
}

async function startLine(port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let received = 0;
  let isFreeAt = 0;
  const line = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()); // the browser drops what it needs no longer
    }
    near.pipe(far);
    far.on("data", async (chunk: Buffer) => {
      far.pause();
      isFreeAt = Math.max(isFreeAt, performance.now()) + (8000 * chunk.length) / BITS_PER_SECOND;
      await wait(Math.max(0, isFreeAt - performance.now()));
      received += chunk.length;
      if (!near.destroyed) near.write(chunk);
      far.resume();
    });
    far.on("end", () => near.end());
  });
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  return {
    url: `http://localhost:${(line.address() as AddressInfo).port}/`,
    receivedBytes: () => received,
    close() {
      line.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
