// `serve --share` as a process; cloudflared is a program of the test's that forwards by http.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOON = { timeout: 60_000 };

const FORWARDER = `#!${process.execPath}
const http = require("node:http");
const target = process.argv[process.argv.indexOf("--url") + 1];
const server = http.createServer((request, response) => {
  http.get(target + request.url, (answer) => answer.pipe(response)).on("error", () => response.destroy());
});
server.listen(0, "127.0.0.1", () => console.error("|  http://127.0.0.1:" + server.address().port + "  |"));
process.on("SIGINT", () => process.exit());
`;

let cache: string;
let child: ChildProcess;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts", "build.js")]);
}, 600_000);
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "spoken-digits-share-"));
});
afterEach(() => {
  child.kill("SIGKILL");
  rmSync(cache, { recursive: true, force: true });
});

describe("serve --share", () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("prints a link that works until %s", async (signal) => {
    installCloudflared(FORWARDER);
    const output = serve();
    const link = await found(output, /Public link: (\S+)/);
    expect(await (await fetch(`${link}/healthz`)).json()).toEqual({ status: "ok" });
    expect(output()).toContain("Whoever has it can use this server");
    const exit = once(child, "exit");
    child.kill(signal);
    const [code] = await exit;
    if (signal === "SIGTERM") {
      expect(code).toBe(0);
      expect(output()).toContain("The public link is closed.");
    }
    const answers = () =>
      fetch(link)
        .then(() => true)
        .catch(() => false);
    await expect.poll(answers, SOON).toBe(false);
  });

  it("goes on without a link where none can be had, and says why", async () => {
    installCloudflared(`#!${process.execPath}\nconsole.error("no such host"); process.exit(1);\n`);
    const output = serve();
    await found(output, /(goes on) without a public link/);
    expect(output()).toMatch(/spoken-digits: no public link could be had: .*no such host/);
    const url = await found(output, /is at (\S+)\//);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

function installCloudflared(program: string): void {
  writeFileSync(join(cache, "cloudflared"), program, { mode: 0o755 });
}

function serve(): () => string {
  let text = "";
  const args = [
    "serve",
    "--share",
    "--port",
    "0",
    "--site",
    "none",
    "--workers",
    "1",
    "--log-level",
    "silent",
  ];
  child = spawn(process.execPath, [join(ROOT, "dist", "cli.js"), ...args], {
    env: { ...process.env, PATH: `${cache}:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
  }
  return () => text;
}

async function found(output: () => string, pattern: RegExp): Promise<string> {
  await expect.poll(output, SOON).toMatch(pattern);
  return pattern.exec(output())![1]!;
}
