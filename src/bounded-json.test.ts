import { describe, expect, it } from "vitest";
import { findText, parseBoundedJson, shownValue } from "./bounded-json.ts";

const BOUNDS = { maxDepth: 2, maxMembers: 4 };

describe("parseBoundedJson", () => {
  it.each([
    "1",
    '"a"',
    '{"a":[1,2]}',
    "[[],[]]",
    '["[[[[[[,,,,,,"]',
    String.raw`["\"[[[[", "\\", "]\\\"[[[["]`,
    `["${"x".repeat(100_000)}"]`,
  ])("gives what JSON.parse gives for %.40s", (text) => {
    expect(parseBoundedJson(text, BOUNDS)).toEqual(JSON.parse(text));
  });

  it.each(["[[[]]]", '{"a":{"b":{}}}', "[".repeat(8_000_000), '{"a":['.repeat(1_000_000)])(
    "refuses what is nested deeper: %.20s",
    (text) => {
      expect(() => parseBoundedJson(text, BOUNDS)).toThrow("it is nested more than 2 deep");
    },
  );

  it.each(["[1,2,3,4,5]", '{"a":1,"b":2,"c":3,"d":4,"e":5}', `[${"{},".repeat(1_000_000)}1]`])(
    "refuses more members: %.20s",
    (text) => {
      expect(() => parseBoundedJson(text, BOUNDS)).toThrow("it holds more than 4 members");
    },
  );

  it.each(["", "{", '"', '"\\', '["\\"]', "]]]]", "nonsense"])("refuses what is none: %s", (text) => {
    expect(() => parseBoundedJson(text, BOUNDS)).toThrow(SyntaxError);
  });

  it("takes a member named __proto__ for one like others", () => {
    const value = parseBoundedJson('{"__proto__":{"a":1}}', BOUNDS) as Record<string, unknown>;
    expect(value.a).toBeUndefined();
  });
});

describe("findText", () => {
  it.each([
    ['{"token":"a/b"}', "a/b"],
    [String.raw`{ "token" : "a\/b\u0063" }`, "a/bc"],
    ['{"x":{"token":"inner"},"y":["token","z"],"token":"outer"}', "outer"],
    [String.raw`{"x":"\"token\":\"no\"","token":"yes"}`, "yes"],
    [`{"x":[${"1,".repeat(500_000)}1],"token":"last"}`, "last"],
    ['{"token":""}', ""],
    ['{"token":"of no object","', "of no object"],
  ])("finds what stands at the top of %.70s", (text, expected) => {
    expect(findText(text, "token")).toBe(expected);
  });

  it.each([
    "",
    "token",
    '["token"]',
    '{"token":7}',
    '{"Token":"a"}',
    '{"x":{"token":"a"}}',
    '{"token":"a',
    '{"token":"\\x"}',
    `{"token":"${"a".repeat(5000)}"}`,
    `{"token"${" ".repeat(1_000_000)}`,
    "[".repeat(1_000_000),
    '{"token":'.repeat(100_000),
  ])("finds nothing else: %.40s", (text) => {
    expect(findText(text, "token")).toBeUndefined();
  });
});

describe("shownValue", () => {
  it("cuts what is long", () => {
    expect(shownValue("x".repeat(1000))).toBe(`"${"x".repeat(59)}...`);
    expect(shownValue({ a: 1 })).toBe('{"a":1}');
    expect(shownValue(undefined)).toBe("undefined");
  });
});
