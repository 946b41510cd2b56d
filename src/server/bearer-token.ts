import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";

/**
 * Makes the check of the token that requests have to carry. How long it takes says nothing of how much of a token is
 * right.
 *
 * @param token The token; empty where none is asked for.
 * @returns Throws `request-unauthorised` unless the request has the header `Authorization: Bearer TOKEN`.
 */
export function createTokenCheck(token: string): (request: Pick<FastifyRequest, "headers">) => void {
  if (token === "") return () => undefined;
  const expected = digest(`Bearer ${token}`);
  return (request) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ""), expected)) return;
    throw new RequestError(
      "request-unauthorised",
      "the header Authorization: Bearer TOKEN is missing or wrong",
    );
  };
}

// Digests are of one length, which the comparison asks for.
const digest = (text: string) => createHash("sha256").update(text).digest();
