import { describe, expect, test } from "vitest";
import { findDocFaults } from "./check-docs.ts";

function faultsOf(source: string, path = "src/audio/a.ts"): string[] {
  return findDocFaults(new Map([[path, source]]));
}

describe("findDocFaults", () => {
  test.each([
    "export function f(): void {}",
    "export const f = 1;",
    "export const f = (): void => {};",
    "export class f {}",
    "export type f = number;",
    "export interface f {}",
    "const f = 1;\nexport { f };",
    "function f(): void {}\nexport { f as g };",
    "// A line comment is no doc comment.\nexport const f = 1;",
  ])("names an export without a doc comment: %s", (source) => {
    expect(faultsOf(source)).toEqual([
      expect.stringMatching(/^src\/audio\/a\.ts:\d+: f has no doc comment$/),
    ]);
  });

  test.each([
    "/** One. */\nexport const f = 1;",
    "/** Adds `x` and y. */\nexport function f(x: number, y: number): number {\n  return x + y;\n}",
    "/** Adds. */\nfunction g(): void {}\nexport { g };",
    "function hidden(): void {}",
    'export { f } from "./f.ts";',
    'export * from "./f.ts";',
  ])("accepts: %s", (source) => {
    expect(faultsOf(source)).toEqual([]);
  });

  test("says at which line the export stands", () => {
    expect(faultsOf("/** One. */\nexport const a = 1;\n\nexport const b = 2;")).toEqual([
      "src/audio/a.ts:4: b has no doc comment",
    ]);
  });

  test("names a parameter the comment says nothing of, also of an arrow function", () => {
    const source = [
      "/** Scales the samples. */\nexport function f(samples: number[], gain: number): void {}",
      "/** Scales. */\nexport const g = (gain: number): number => gain;",
    ].join("\n");
    expect(faultsOf(source)).toEqual([
      "src/audio/a.ts:2: the doc comment of f says nothing of gain",
      "src/audio/a.ts:4: the doc comment of g says nothing of gain",
    ]);
  });

  test("wants whole words", () => {
    expect(faultsOf("/** Again. */\nexport function f(gain: number): void {}")).toHaveLength(1);
  });

  test("accepts options as a whole or each by its name", () => {
    const options = "{ rate, depth: d }: { rate: number; depth: number }";
    const withComment = (comment: string) => `/** ${comment} */\nexport function f(${options}): void {}`;
    expect(faultsOf(withComment("See the options."))).toEqual([]);
    expect(faultsOf(withComment("From rate and depth."))).toEqual([]);
    expect(faultsOf(withComment("From rate."))).toEqual([
      "src/audio/a.ts:2: the doc comment of f says nothing of its options (rate, depth)",
    ]);
  });

  test("wants each member of a type of options explained, and then no mention of the parameter", () => {
    const source = (member: string, comment = "Settings of f.") =>
      [
        `/** ${comment} */\nexport type FOptions = {\n${member}\n};`,
        "/** Plays. */\nexport function f(options: FOptions): void {}",
      ].join("\n");
    expect(faultsOf(source("/** In Hz. */\nrate: number"))).toEqual([]);
    expect(faultsOf(source("rate: number", "The rate of f."))).toEqual([]);
    expect(faultsOf(source("rate: number"))).toEqual(["src/audio/a.ts:2: FOptions.rate has no doc comment"]);
  });

  test("wants one comment for overloads, at the first", () => {
    const overloads =
      "export function f(x: number): void;\nexport function f(x: string): void;\nexport function f(): void {}";
    expect(faultsOf(`/** Of x. */\n${overloads}`)).toEqual([]);
    expect(faultsOf(overloads)).toHaveLength(1);
  });

  test("leaves tests out", () => {
    expect(faultsOf("export const f = 1;", "src/audio/a.test.ts")).toEqual([]);
  });
});
