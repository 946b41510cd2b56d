import { describe, expect, test } from "vitest";
import { findOldWords } from "./check-words.ts";

const GLOSSARY = [{ old: "seal", field: "checksum", notYetIn: ["src/model/"] }];
const faultsOf = (files: Record<string, string>) => findOldWords(new Map(Object.entries(files)), GLOSSARY);

describe("findOldWords", () => {
  test.each(["// Seals the file.", "const seal = 1;", "checkSeal(bytes);"])("names the line: %s", (line) => {
    expect(faultsOf({ "src/a.ts": `// first\n${line}\n` })).toEqual([
      'src/a.ts:2: "seal", the field says checksum',
    ]);
  });

  test.each(["// A checksum.", "const unsealed = 1;"])("accepts: %s", (line) => {
    expect(faultsOf({ "src/a.ts": line })).toEqual([]);
  });

  test("passes over the folders that are not done yet", () => {
    expect(faultsOf({ "src/model/a.ts": "seal", "src/live/a.ts": "seal" })).toHaveLength(1);
  });
});
