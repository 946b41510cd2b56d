import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { createTokenCheck } from "./protect.ts";

const requestWith = (authorization?: string) => ({ headers: { authorization } }) as FastifyRequest;

test("lets everybody in where no token is set", () => {
  const check = createTokenCheck("");
  expect(() => check(requestWith())).not.toThrow();
});

test("lets in who has the token, and nobody else", () => {
  const check = createTokenCheck("the-token");
  expect(() => check(requestWith("Bearer the-token"))).not.toThrow();
  for (const wrong of [
    undefined,
    "",
    "the-token",
    "Bearer",
    "Bearer the-toke",
    "Bearer the-token ",
    "Bearer THE-TOKEN",
  ]) {
    expect(() => check(requestWith(wrong)), wrong).toThrow(
      expect.objectContaining({ code: "request-unauthorised" }),
    );
  }
});
