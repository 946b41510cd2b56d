import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isBuilt, isSupportedNode, markBuilt, missingPackages } from "./installation.js";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "spoken-digits-"));
  mkdirSync(join(root, "node_modules"));
  mkdirSync(join(root, "src"));
});

afterEach(() => rmSync(root, { recursive: true }));

test.each([
  ["20.19.0", true],
  ["20.20.2", true],
  ["21.7.0", false],
  ["22.0.0", false],
  ["22.12.0", true],
  ["24.1.0", true],
  ["20.18.3", false],
  ["18.20.4", false],
])("isSupportedNode: Node.js %s is one for ^20.19.0 || >=22.12.0: %s", (version, expected) => {
  expect(isSupportedNode(version, "^20.19.0 || >=22.12.0")).toBe(expected);
});

describe("missingPackages", () => {
  const wanted = {
    "": { name: "project" },
    "node_modules/a": { version: "1.0.0" },
    "node_modules/elsewhere": { version: "1.0.0", optional: true },
  };

  test("lists everything when nothing is installed", () => {
    writeLock("package-lock.json", wanted);
    expect(missingPackages(root)).toEqual(["node_modules/a"]);
  });

  test("lists a package installed in another version", () => {
    writeLock("package-lock.json", wanted);
    writeLock("node_modules/.package-lock.json", { "node_modules/a": { version: "0.9.0" } });
    expect(missingPackages(root)).toEqual(["node_modules/a"]);
  });

  test("lists nothing when all but the optional ones are there", () => {
    writeLock("package-lock.json", wanted);
    writeLock("node_modules/.package-lock.json", { "node_modules/a": { version: "1.0.0" } });
    expect(missingPackages(root)).toEqual([]);
  });
});

describe("isBuilt", () => {
  test("is false before the first build and true after it", () => {
    writeFileSync(join(root, "src", "a.ts"), "1");
    expect(isBuilt(root)).toBe(false);
    markBuilt(root);
    expect(isBuilt(root)).toBe(true);
  });

  test.each(["src/a.ts", "src/new.ts", "tsdown.config.ts", "package-lock.json"])(
    "is false once %s has changed",
    (path) => {
      writeFileSync(join(root, "src", "a.ts"), "1");
      markBuilt(root);
      writeFileSync(join(root, path), "2");
      expect(isBuilt(root)).toBe(false);
    },
  );

  test("does not look at tests", () => {
    markBuilt(root);
    writeFileSync(join(root, "src", "a.test.ts"), "1");
    expect(isBuilt(root)).toBe(true);
  });
});

function writeLock(path: string, packages: object): void {
  writeFileSync(join(root, path), JSON.stringify({ packages }));
}
