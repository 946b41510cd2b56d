import { describe, expect, test } from "vitest";
import { isFramedByOthers } from "./frame-guard.ts";

const location = { origin: "https://digits.example" };

describe("isFramedByOthers", () => {
  test("is false for a page in a tab of its own, and in a frame of its own origin", () => {
    const alone: Record<string, unknown> = { location };
    alone.top = alone.self = alone;
    expect(isFramedByOthers(alone as unknown as Window)).toBe(false);
    const framed = { location, self: {}, top: { location } };
    expect(isFramedByOthers(framed as unknown as Window)).toBe(false);
  });

  test("is true in a frame of another origin, whether or not the browser tells which", () => {
    const told = { location, self: {}, top: { location: { origin: "https://evil.example" } } };
    expect(isFramedByOthers(told as unknown as Window)).toBe(true);
    const top = {
      get location(): never {
        throw new Error("SecurityError");
      },
    };
    expect(isFramedByOthers({ location, self: {}, top } as unknown as Window)).toBe(true);
  });
});
