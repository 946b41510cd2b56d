// The library and its process for real; cloudflared is a program of the test's that forwards to the server by http.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openShare } from "./share.ts";

/** Stands in for cloudflared: prints its address as that does, and forwards. */
const FORWARDER = `#!${process.execPath}
const http = require("node:http");
const target = process.argv[process.argv.indexOf("--url") + 1];
const server = http.createServer((request, response) => {
  http.get(target + request.url, (answer) => answer.pipe(response));
});
server.listen(0, "127.0.0.1", () => {
  console.error("INF |  http://127.0.0.1:" + server.address().port + "  |");
});
process.on("SIGINT", () => process.exit());
`;

const REFUSER = `#!${process.execPath}
console.error("ERR failed to request quick Tunnel: no such host");
process.exit(1);
`;

let folder: string;
let server: Server;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoken-digits-share-"));
  server = createServer((request, response) => response.end(`you asked for ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("openShare", () => {
  it("gives a link that leads to the server until it is closed", async () => {
    await install(FORWARDER);
    const share = await openShare(target, { path: `/nowhere:${folder}` });
    const response = await fetch(`${share.url}/healthz`);
    expect(await response.text()).toBe("you asked for /healthz");
    await share.close();
    await share.ended;
    await share.close();
    await expect(fetch(share.url)).rejects.toThrow();
  });

  it("says why there is no link", async () => {
    await install(REFUSER);
    const share = openShare(target, { path: folder });
    await expect(share).rejects.toMatchObject({
      name: "ServiceError",
      code: "service-not-shared",
      message: expect.stringContaining("no such host"),
    });
  });

  it("fetches no program: it asks for one that is installed", async () => {
    const share = openShare(target, { path: folder });
    await expect(share).rejects.toMatchObject({
      code: "service-not-shared",
      message: expect.stringMatching(/install it \(https:/),
    });
  });

  it("does not wait for ever", async () => {
    await install(
      `#!${process.execPath}\nsetInterval(() => {}, 1000);\nprocess.on("SIGINT", () => process.exit());\n`,
    );
    const share = openShare(target, { path: folder, timeoutMs: 100 });
    await expect(share).rejects.toMatchObject({ code: "service-not-shared" });
  });
});

function install(program: string): Promise<void> {
  return writeFile(join(folder, "cloudflared"), program, { mode: 0o755 });
}
