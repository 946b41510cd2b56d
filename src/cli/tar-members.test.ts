import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterAll, describe, expect, test } from "vitest";
import { gzippedMembers, type TarMember, tarMembers } from "./tar-members.ts";

const folder = mkdtempSync(join(tmpdir(), "spoken-digits-tar-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = ["a.wav", `${"deep/".repeat(25)}b.wav`, `${"very-deep/".repeat(60)}ü.wav`];

function tarOf(names: readonly string[]): Promise<Uint8Array> {
  const folderEntry = { header: { name: "sub/", size: 0, type: "directory" as const } };
  const files = names.map((name) => ({ header: { name, size: name.length }, body: "x".repeat(name.length) }));
  return packTar([folderEntry, ...files]);
}

async function membersOf(bytes: Uint8Array): Promise<TarMember[]> {
  const path = join(folder, "x.tar");
  writeFileSync(path, bytes);
  const members: TarMember[] = [];
  for await (const member of tarMembers(path)) members.push(member);
  return members;
}

describe("a plain archive", () => {
  test("tells where each file lies, however long its name is", async () => {
    const tar = await tarOf(NAMES);
    const members = await membersOf(tar);
    expect(members.map(({ name }) => name)).toEqual(NAMES);
    for (const { name, offset, size } of members) {
      expect(Buffer.from(tar.subarray(offset, offset + size)).toString()).toBe("x".repeat(name.length));
    }
  });

  test.each([
    ["cut in a file", (tar: Uint8Array) => tar.subarray(0, 1100)],
    ["cut in a header", (tar: Uint8Array) => tar.subarray(0, 700)],
    ["with a wrong byte in a header", (tar: Uint8Array) => tar.fill(65, 520, 521)],
    ["that is none", () => Buffer.alloc(2000, "no tar")],
  ])("%s is no whole one", async (_, damage) => {
    const damaged = damage(await tarOf(["a.wav", "b.wav"]));
    await expect(membersOf(damaged)).rejects.toThrow(/^no whole tar archive: /);
  });

  test("that is not there cannot be read", async () => {
    await expect(tarMembers(join(folder, "no.tar")).next()).rejects.toMatchObject({
      code: "file-unreadable",
    });
  });
});

test("a compressed archive gives what is wanted of it, and says when it is damaged", async () => {
  const path = join(folder, "x.tgz");
  const bytes = gzipSync(await tarOf(["a.wav", "notes.txt"]));
  writeFileSync(path, bytes);
  const names: string[] = [];
  for await (const { name } of gzippedMembers(path, (each) => each.endsWith(".wav"))) names.push(name);
  expect(names).toEqual(["a.wav"]);
  writeFileSync(path, bytes.subarray(0, 60));
  await expect(gzippedMembers(path, () => true).next()).rejects.toThrow(/^no whole tar archive: /);
});
