import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findLicenceFaults, noticesOf, shippedPackages } from "./licences.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

test.each([
  ["MIT", 0],
  ["LGPL-2.1-or-later", 0],
  ["(MIT OR GPL-3.0-or-later)", 0],
  ["GPL-2.0", 1],
  ["AGPL-3.0-only", 1],
  ["", 1],
])("a package under %j counts as %i faults", (licence, count) => {
  expect(findLicenceFaults([{ name: "a", version: "1.0.0", licence }])).toHaveLength(count);
});

test("nothing under the GPL ships, and each package's notice is there", () => {
  const packages = shippedPackages(ROOT);
  expect(findLicenceFaults(packages)).toEqual([]);
  const notices = noticesOf(ROOT);
  for (const name of ["fastify", "onnxruntime-web", "preact", "commander"]) {
    expect(packages.map((shipped) => shipped.name)).toContain(name);
    expect(notices).toContain(`\n${name} `);
  }
});
