// The client, bundled as a site would bundle it, in a page of another origin.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../scripts/site/chromium.ts";
import { findChromium } from "../../scripts/site/find-chromium.js";
import type * as ClientModule from "../../src/client/index.ts";
import { createClient } from "../../src/client/index.ts";
import { type RunningServer, startServer } from "./running-server.ts";
import { heardByLibrary, RATE, spoken } from "./spoken-digits.ts";

declare const spokenDigits: typeof ClientModule;

const TOKEN = "a-token-of-some-length";
let bundle: string;

beforeAll(async () => {
  bundle = await bundleClient();
});

describe("the client's bundle for browsers", () => {
  it("holds nothing of Node.js", () => {
    expect(bundle).not.toMatch(/require\(|node:|process\.|Sec-WebSocket-Key/);
  });
});

describe.skipIf(findChromium() === null)("the client in a page of another origin", () => {
  let site: Server;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<p>"));
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    server = await startServer({ corsOrigins: origin, token: TOKEN });
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(origin);
    await page.addScriptTag({ content: bundle });
  });
  afterAll(async () => {
    await browser.close();
    site.close();
    await server.app.close();
  });

  it("classifies a file", async () => {
    const file = await readFile(new URL("../../fixtures/samples/7.wav", import.meta.url));
    const { ms: _, ...expected } = await createClient({ url: server.url, token: TOKEN }).classify(file);
    const answer = await page.evaluate(
      ({ url, token, bytes }) =>
        spokenDigits.createClient({ url, token }).classify(new Blob([Uint8Array.from(bytes)])),
      { url: server.url, token: TOKEN, bytes: [...file] },
    );
    expect(answer).toMatchObject(expected);
  });

  it("hears the digits of a stream, as the library does", async () => {
    const samples = await spoken([9, 2]);
    const events = await page.evaluate(
      async ({ url, token, samples, sampleRate }) => {
        const stream = new ReadableStream<Float32Array>({
          start(controller) {
            controller.enqueue(Float32Array.from(samples));
            controller.close();
          },
        });
        const heard = [];
        const client = spokenDigits.createClient({ url, token });
        for await (const event of client.live(stream, { sampleRate })) heard.push(event);
        return heard;
      },
      { url: server.url, token: TOKEN, samples: [...samples], sampleRate: RATE },
    );
    expect(events).toEqual(await heardByLibrary(samples));
  });

  it("throws typed errors", async () => {
    const codes = await page.evaluate(
      async ({ url }) => {
        const codeOf = (error: unknown) => (error as { code?: string }).code;
        const stranger = spokenDigits.createClient({ url });
        const nobody = spokenDigits.createClient({ url: "http://127.0.0.1:9" });
        const audio = async function* () {
          yield new Float32Array(1);
        };
        return Promise.all([
          stranger.classify(new Blob(["x"])).catch(codeOf),
          stranger.live(audio(), { sampleRate: 8000 }).next().catch(codeOf),
          nobody.classify(new Blob(["x"])).catch(codeOf),
          nobody.live(audio(), { sampleRate: 8000 }).next().catch(codeOf),
        ]);
      },
      { url: server.url },
    );
    expect(codes).toEqual([
      "request-unauthorised",
      "request-unauthorised",
      "service-unreachable",
      "service-unreachable",
    ]);
  });
});

async function bundleClient(): Promise<string> {
  const entry = fileURLToPath(new URL("../../src/client/index.ts", import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "spokenDigits" } },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const [chunk] = outputs.flatMap((one) => ("output" in one ? one.output : []));
  if (chunk?.type !== "chunk") throw new Error("the client could not be bundled");
  return chunk.code;
}
