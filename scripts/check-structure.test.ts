import { describe, expect, test } from "vitest";
import { findStructureFaults, type StructureLimits } from "./check-structure.ts";

const NO_LIMITS: StructureLimits = {
  fileLines: 1000,
  sourceLines: 10_000,
  smallFilesOfOneImporter: 100,
  closures: {},
  circlesAllowedIn: [],
};

const faultsOf = (files: Record<string, string>, limits: Partial<StructureLimits> = {}) =>
  findStructureFaults(new Map(Object.entries(files)), { ...NO_LIMITS, ...limits });

const lines = (count: number) => "// a line\n".repeat(count);

describe("findStructureFaults", () => {
  test("names files with too many lines, and says when all have too many, tests aside", () => {
    const files = { "src/a.ts": lines(11), "src/b.ts": lines(10), "src/b.test.ts": lines(100) };
    expect(faultsOf(files, { fileLines: 10 })).toEqual(["src/a.ts: 11 lines, at most 10"]);
    expect(faultsOf(files, { sourceLines: 20 })).toEqual(["src: 21 lines without tests, at most 20"]);
    expect(faultsOf(files, { fileLines: 11, sourceLines: 21 })).toEqual([]);
  });

  test("names a circle of imports once, types and imports on demand aside", () => {
    const circle = {
      "src/a/a.ts": 'import { b } from "../b.ts";\n',
      "src/b.ts": 'export { c } from "./c.ts";\n',
      "src/c.ts": 'import { type X, a } from "./a/a.ts";\n',
    };
    expect(faultsOf(circle)).toEqual(["import circle: src/c.ts -> src/a/a.ts -> src/b.ts -> src/c.ts"]);
    expect(faultsOf(circle, { circlesAllowedIn: ["src/a/"] })).toEqual([]);
    for (const text of [
      'import type { a } from "./a/a.ts";\n',
      'import { type a } from "./a/a.ts";\n',
      'export type { a } from "./a/a.ts";\n',
      'const { a } = await import("./a/a.ts");\n',
    ]) {
      expect(faultsOf({ ...circle, "src/c.ts": text })).toEqual([]);
    }
  });

  test("lists small files that one other needs, where there are more than allowed", () => {
    const files = {
      "src/a.ts":
        'import { b } from "./b.ts";\nimport { c } from "./c.ts";\nimport type { d } from "./d.ts";\n',
      "src/b.ts": lines(49),
      "src/c.ts": lines(50),
      "src/d.ts": 'import { b } from "./e.ts";\n',
      "src/d.test.ts": 'import { d } from "./d.ts";\n',
    };
    expect(faultsOf(files, { smallFilesOfOneImporter: 2 })).toEqual([]);
    expect(faultsOf(files, { smallFilesOfOneImporter: 1 })).toEqual([
      "2 files under 50 lines have one importer, at most 1:",
      "  src/b.ts <- src/a.ts",
      "  src/d.ts <- src/a.ts",
    ]);
  });

  test("counts the files that an entry loads", () => {
    const files = {
      "src/a.ts": 'import "./b.ts";\nimport { f } from "node:fs";\nconst { d } = await import("./d.ts");\n',
      "src/b.ts": 'import { c } from "./c.ts";\n',
      "src/c.ts": "",
      "src/d.ts": "",
    };
    expect(faultsOf(files, { closures: { "src/a.ts": 3 } })).toEqual([]);
    expect(faultsOf(files, { closures: { "src/a.ts": 2 } })).toEqual(["src/a.ts: loads 3 files, at most 2"]);
  });
});
