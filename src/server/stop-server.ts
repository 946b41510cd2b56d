import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** How often connections are closed while a server ends, in ms. */
const CLOSE_INTERVAL_MS = 100;

/**
 * Brings a server to its end with no answer lost: new work is refused from now on, for `stopDelayMs` at least, what is
 * under way is finished, for `stopTimeoutMs` at most, then all connections are closed.
 *
 * @param server Listens.
 * @param options.stopDelayMs In place of the setting.
 * @returns Whether all work under way was finished.
 */
export async function stopServer(
  server: FastifyInstance,
  options: { stopDelayMs?: number } = {},
): Promise<boolean> {
  const { lifecycle, settings, connections } = server.context;
  const { stopDelayMs = settings.stopDelayMs } = options;
  lifecycle.stop();
  server.log.info({ underWay: lifecycle.underWay }, "stopping");
  const [isFinished] = await Promise.all([lifecycle.idle(settings.stopTimeoutMs), delay(stopDelayMs)]);
  if (!isFinished) server.log.warn({ underWay: lifecycle.underWay }, "work under way is given up");
  const closed = server.close();
  // What is left are connections without work, such as a half-sent request or a slow download of the page. Others may come
  // until the server listens no more, and nobody looks after their time any longer.
  const timer = setInterval(() => connections.destroyAll(), CLOSE_INTERVAL_MS);
  await closed.finally(() => clearInterval(timer));
  return isFinished;
}
