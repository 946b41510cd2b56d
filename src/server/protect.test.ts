import { expect, test } from "vitest";
import { createTokenCheck } from "./protect.ts";

test("lets everybody in where no token is set", () => {
  const check = createTokenCheck("");
  expect(check()).toBeUndefined();
});

test("lets in who has the token, and nobody else", () => {
  const check = createTokenCheck("the-token");
  expect(check("Bearer the-token")).toBeUndefined();
  for (const wrong of [
    undefined,
    "",
    "the-token",
    "Bearer",
    "Bearer the-toke",
    "Bearer the-token ",
    "Bearer THE-TOKEN",
  ]) {
    expect(check(wrong), wrong).toMatchObject({ code: "request-unauthorised" });
  }
});
