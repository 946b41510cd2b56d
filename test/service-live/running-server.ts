// A server on a free port of this machine, for one test file.

import type { FastifyInstance } from "fastify";
import { createServer } from "../../src/server/create-server.ts";
import { readSettings, type SettingTexts } from "../../src/server/settings.ts";

/** A server that takes requests. */
export type RunningServer = {
  app: FastifyInstance;
  /** http, without a slash at its end. */
  url: string;
  /** The value of a figure of `/metrics`, 0 where it has never been counted. @param name With its labels. */
  metric(name: string): Promise<number>;
};

/**
 * Starts a server. It answers the likeliest digit however likely it is: what is tested here is the way of the answer.
 *
 * @param settings Texts by name; what is not named is kept small.
 */
export async function startServer(settings: SettingTexts = {}): Promise<RunningServer> {
  const app = await createServer(
    readSettings({
      workers: "1",
      site: "none",
      logLevel: "warn",
      stopDelayMs: "0",
      threshold: "0",
      ...settings,
    }),
  );
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    app,
    url,
    async metric(name) {
      const text = await app.context.metrics.registry.metrics();
      const line = text.split("\n").find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.split(" ").at(-1) ?? 0);
    },
  };
}
