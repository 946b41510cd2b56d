// A Redis of a test's own, where the program is installed.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";

const PROGRAMS = ["redis-server", "valkey-server"];

/** The program, or undefined where there is none: tests that need it are skipped. */
export const REDIS_PROGRAM = PROGRAMS.find((name) => spawnSync(name, ["--version"]).status === 0);

/** A server that keeps nothing. */
export type RedisServer = { url: string; stop(): Promise<void> };

/** Starts a server on a free port and waits until it takes connections. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn(REDIS_PROGRAM!, [...args, "--dir", tmpdir()], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const text of child.stdout.setEncoding("utf8")) {
    if (/ready to accept connections/i.test(text as string)) break;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
