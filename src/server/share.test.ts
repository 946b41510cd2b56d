// The library and its process for real; cloudflared is a program of the test's that forwards to the server by http.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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
  vi.stubEnv("CLOUDFLARED_VERSION", "test");
  server = createServer((request, response) => response.end(`you asked for ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("openShare", () => {
  it("gives a link that leads to the server until it is closed", async () => {
    await install(FORWARDER);
    const onDownload = vi.fn();
    const share = await openShare(target, { folder, onDownload });
    const response = await fetch(`${share.url}/healthz`);
    expect(await response.text()).toBe("you asked for /healthz");
    expect(onDownload).not.toHaveBeenCalled();
    await share.close();
    await share.ended;
    await share.close();
    await expect(fetch(share.url)).rejects.toThrow();
  });

  it("says why there is no link, and keeps no program that failed", async () => {
    await install(REFUSER);
    const share = openShare(target, { folder, onDownload: () => undefined });
    await expect(share).rejects.toMatchObject({
      name: "ServiceError",
      code: "service-not-shared",
      message: expect.stringContaining("no such host"),
    });
    expect(existsSync(folder)).toBe(false);
  });

  it("says what will be downloaded before it is", async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, "a file where a folder has to be");
    const notices: string[] = [];
    const share = openShare(target, { folder, onDownload: (notice) => notices.push(notice) });
    await expect(share).rejects.toMatchObject({ code: "service-not-shared" });
    expect(notices).toEqual([expect.stringMatching(/40 MB[\s\S]*terms/)]);
  });

  it("does not wait for ever", async () => {
    await install(
      `#!${process.execPath}\nsetInterval(() => {}, 1000);\nprocess.on("SIGINT", () => process.exit());\n`,
    );
    const share = openShare(target, { folder, onDownload: () => undefined, timeoutMs: 100 });
    await expect(share).rejects.toMatchObject({ code: "service-not-shared" });
  });
});

async function install(program: string): Promise<void> {
  await mkdir(join(folder, "node-untun"));
  await writeFile(join(folder, "node-untun", "cloudflared.test"), program, { mode: 0o755 });
}
