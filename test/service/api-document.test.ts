// The OpenAPI document: right by the linter, and good enough to make a client of.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import openapiTS, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, startService } from "./service-fixture.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "spoken-digits-openapi-"));
const OPERATIONS = {
  "/healthz": { get: "isAlive" },
  "/readyz": { get: "isReady" },
  "/api/model": { get: "getModel" },
  "/metrics": { get: "getMetrics" },
  "/api/classify": { post: "classify" },
  "/api/transcribe": { post: "transcribe" },
  "/models/spoken-digits": { post: "classifyForHuggingFace" },
  "/v1/audio/transcriptions": { post: "createTranscription" },
};

type Operation = { operationId: string; security?: object[]; parameters?: { required?: boolean }[] };
type Document = { paths: Record<string, Record<string, Operation>>; security: object[] };

async function documentOf(token: string): Promise<Document> {
  const service = await startService({ token });
  try {
    return (await (await service.ask("/docs/json")).json()) as Document;
  } finally {
    await service.close();
  }
}

let open: Document;
let guarded: Document;
beforeAll(async () => {
  [open, guarded] = [await documentOf(""), await documentOf("a-token-of-twenty-letters")];
});
afterAll(() => rmSync(folder, { recursive: true }));

test("names every operation, and asks for no option that has a default", () => {
  const named = Object.entries(open.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, { operationId }]) => [method, operationId])),
  ]);
  expect(Object.fromEntries(named)).toEqual(OPERATIONS);
  const options = Object.values(open.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ parameters = [] }) => parameters),
  );
  expect(options.length).toBeGreaterThan(3);
  expect(options.filter(({ required }) => required)).toEqual([]);
});

test("says truly what needs the token", () => {
  expect(open.security).toEqual([]);
  expect(guarded.security).toEqual([{ token: [] }]);
  expect(guarded.paths["/healthz"]!.get!.security).toEqual([]);
  expect(guarded.paths["/api/classify"]!.post!.security).toBeUndefined();
});

test("passes redocly's linter", async () => {
  for (const document of [open, guarded]) {
    const path = join(folder, "openapi.json");
    writeFileSync(path, JSON.stringify(document));
    const cli = join(ROOT, "node_modules", "@redocly", "cli", "bin", "cli.js");
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const linted = await run(process.execPath, [cli, "lint", path, "--max-problems", "20"], {
      env,
      cwd: folder,
    })
      .then(({ stdout, stderr }) => `${stdout}${stderr}`)
      .catch(({ stdout, stderr }) => `failed: ${stdout}${stderr}`);
    expect(linted).toContain("Your API description is valid");
    expect(linted).not.toMatch(/failed|You have \d+ warning/);
  }
});

const CLIENT = `import type { operations, paths } from "./schema.ts";

type Classify = operations["classify"];
const query: NonNullable<Classify["parameters"]["query"]> = { top: 3 };
type Reply = paths["/api/transcribe"]["post"]["responses"][200]["content"]["application/json"];
export const read = (reply: Reply): string => (Array.isArray(reply) ? "" : reply.digits);
export const ask = query.top;
// @ts-expect-error Of ten digits, no option of this name is known.
export const wrong: typeof query = { tops: 3 };
`;

test("gives a typed client that compiles", async () => {
  const schema = astToString(await openapiTS(JSON.stringify(open)));
  writeFileSync(join(folder, "schema.ts"), schema);
  writeFileSync(join(folder, "client.ts"), CLIENT);
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const flags = ["--noEmit", "--strict", "--allowImportingTsExtensions", "--module", "preserve"];
  await expect(
    run(process.execPath, [tsc, ...flags, "client.ts"], { cwd: folder }).catch(({ stdout }) => stdout),
  ).resolves.toEqual({ stdout: "", stderr: "" });
});
