// Browsers let any page send a form or open a WebSocket to any server: it cannot read the answer, but costs the work. It
// is for the server to look where the page is from. Programs send none of these headers.

import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";
import type { DropReport } from "./drops.ts";

/** Methods that change nothing and carry nothing to work on. */
const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Refuses what pages of other origins send, unless they are allowed.
 *
 * @param server Is changed.
 * @param corsOrigins Origins that are allowed, `*` for all.
 * @param drop Told of what is refused.
 */
export function guardOrigin(server: FastifyInstance, corsOrigins: readonly string[], drop: DropReport): void {
  server.addHook("onRequest", (request, _reply, done) => {
    const refusal = SAFE_METHODS.includes(request.method) ? undefined : foreignPage(request, corsOrigins);
    if (refusal) drop("foreign-page");
    done(refusal);
  });
}

/**
 * Looks whether a request is of a page of another origin.
 *
 * @param request Any.
 * @param allowed Origins that may, `*` for all.
 * @returns What to refuse it with, if it is.
 */
export function foreignPage(
  { headers, host }: Pick<FastifyRequest, "headers" | "host">,
  allowed: readonly string[],
): RequestError | undefined {
  const { origin, "sec-fetch-site": site } = headers;
  if (allowed.includes("*") || (origin !== undefined && allowed.includes(origin))) return undefined;
  const isForeign =
    site === undefined
      ? origin !== undefined && !isSameHost(origin, host)
      : !OWN_SITES.includes(String(site));
  if (!isForeign) return undefined;
  return new RequestError(
    "request-foreign-page",
    `pages of ${origin ?? "other sites"} may not use this server (--cors-origins)`,
  );
}

/** What `Sec-Fetch-Site` says of the server's own page, and of what a user does without a page. */
const OWN_SITES: readonly string[] = ["same-origin", "none"];

function isSameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
