// Packages that are installed by those alone who need them, and the connection to a Redis or Valkey by one of them.

import type { Redis, RedisOptions } from "ioredis";
import { InvalidArgumentError, ServiceError } from "./errors.ts";

/**
 * Loads a package that need not be installed.
 *
 * @param load Imports it.
 * @param options.what What it is needed for.
 * @param options.packages Names, as `npm install` takes them.
 * @throws {InvalidArgumentError} It is not installed; the message says how it is.
 */
export async function loadPeer<Module>(
  load: () => Promise<Module>,
  { what, packages }: { what: string; packages: string },
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new InvalidArgumentError(`${what} needs a package that is not installed: npm install ${packages}`, {
      cause,
    });
  }
}

/**
 * Connects to a Redis or Valkey. A connection that is lost later comes back by itself.
 *
 * @param url `redis://HOST:PORT` or `rediss://...`, with name and password where they are needed.
 * @param flag The option by which it was given, for messages.
 * @param options What differs from ioredis' own.
 * @throws {InvalidArgumentError} The address is none, or `ioredis` is not installed.
 * @throws {ServiceError} `service-unreachable`: nothing answers there.
 */
export async function connectRedis(url: string, flag: string, options: RedisOptions): Promise<Redis> {
  if (!/^rediss?:\/\/./.test(url)) {
    throw new InvalidArgumentError(`${flag}: expected redis://HOST:PORT, got ${url}`);
  }
  const { Redis } = await loadPeer(() => import("ioredis"), { what: flag, packages: "ioredis" });
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 5000, ...options });
  let reason = "";
  redis.on("error", ({ message }: Error) => {
    reason = message;
  });
  try {
    await redis.connect();
    return redis;
  } catch (cause) {
    redis.disconnect();
    const { host, port } = redis.options;
    const message = `${flag}: no Redis or Valkey answers at ${host}:${port}: ${reason || (cause as Error).message}`;
    throw new ServiceError("service-unreachable", message, { cause });
  }
}
