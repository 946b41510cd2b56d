// What guards every request: headers against misuse in browsers, which pages may ask, how often, and with which token.

import { createHash, timingSafeEqual } from "node:crypto";
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import { connectRedis } from "../redis.ts";
import { SECURITY_HEADERS } from "./page-policy.ts";
import type { ServerSettings } from "./settings.ts";

/**
 * Sends the security headers with every answer and, if so set, lets pages of other origins ask.
 *
 * @param server Is changed.
 * @param settings Which origins.
 */
export async function protectServer(server: FastifyInstance, settings: ServerSettings): Promise<void> {
  server.addHook("onRequest", (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
  if (settings.corsOrigins.length === 0) return;
  await server.register(cors, {
    origin: settings.corsOrigins.includes("*") ? "*" : [...settings.corsOrigins],
    methods: ["GET", "POST"],
    allowedHeaders: ["authorization", "content-type"],
    exposedHeaders: ["retry-after"],
    maxAge: 3600,
  });
}

/**
 * Limits how often one address may ask for what is registered in the scope from here on.
 *
 * @param scope Is changed.
 * @param settings The limit, which may be off, and where it is counted.
 * @throws As of {@link connectRedis}.
 */
export async function limitRate(scope: FastifyInstance, settings: ServerSettings): Promise<void> {
  if (settings.rateLimit === 0) return;
  const { rateLimitRedis: url } = settings;
  // A request does not wait for a Redis that is gone, and is not refused for it.
  const redis = url
    ? await connectRedis(url, "--rate-limit-redis", { maxRetriesPerRequest: 0, enableOfflineQueue: false })
    : undefined;
  scope.addHook("onClose", async () => redis?.disconnect());
  await scope.register(rateLimit, {
    redis,
    skipOnError: true,
    nameSpace: "spoken-digits-rate-",
    max: settings.rateLimit,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { max }) =>
      new RequestError("request-too-frequent", `more than ${max} requests a minute (--rate-limit)`),
  });
}

/**
 * Asks for the token before anything that is registered in the scope from here on.
 *
 * @param scope Is changed.
 * @param settings The token, which may be off.
 */
export function requireToken(scope: FastifyInstance, settings: ServerSettings): void {
  if (settings.token === "") return;
  const checkToken = createTokenCheck(settings.token);
  // A step later than the limit, so that it holds for those who try tokens too.
  scope.addHook("preParsing", (request, _reply, _payload, done) => {
    done(checkToken(request.headers.authorization));
  });
}

/**
 * Makes the check of the token that requests have to carry. How long it takes says nothing of how much of a token is
 * right.
 *
 * @param token The token; empty where none is asked for.
 * @returns Takes the header `Authorization` and gives `request-unauthorised` unless it is `Bearer TOKEN`.
 */
export function createTokenCheck(token: string): (authorization?: string) => RequestError | undefined {
  if (token === "") return () => undefined;
  const expected = digest(`Bearer ${token}`);
  return (authorization = "") =>
    timingSafeEqual(digest(authorization), expected)
      ? undefined
      : new RequestError(
          "request-unauthorised",
          "the header Authorization: Bearer TOKEN is missing or wrong",
        );
}

// Digests are of one length, which the comparison asks for.
const digest = (text: string) => createHash("sha256").update(text).digest();
