import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingsDigest } from "./download-fsdd.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "digest-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("recordingsDigest", () => {
  it("is what the documented shell line gives, whatever else lies in the folder", async () => {
    await writeFile(join(folder, "1_b_0.wav"), "two");
    await writeFile(join(folder, "0_a_10.wav"), "one");
    await writeFile(join(folder, "README.md"), "not counted");
    await mkdir(join(folder, "more"));
    // sha256sum *.wav | awk '{print $2" "$1}' | LC_ALL=C sort -k1,1 | sha256sum (GNU coreutils 9.1)
    expect(await recordingsDigest(folder)).toBe(
      "549c73aa9a464230dace7b129b46e60b8b9fcf6b2ad2809acaaa15ed3a9959ee",
    );
  });

  it("changes with a name, a content and a file more", async () => {
    await writeFile(join(folder, "0_a_0.wav"), "one");
    const digests = [await recordingsDigest(folder)];
    await writeFile(join(folder, "0_a_0.wav"), "ONE");
    digests.push(await recordingsDigest(folder));
    await rm(join(folder, "0_a_0.wav"));
    await writeFile(join(folder, "0_a_1.wav"), "ONE");
    digests.push(await recordingsDigest(folder));
    await writeFile(join(folder, "0_a_2.wav"), "");
    digests.push(await recordingsDigest(folder));
    expect(new Set(digests).size).toBe(4);
  });

  it("names a folder that cannot be read", async () => {
    await expect(recordingsDigest(join(folder, "absent"))).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(join(folder, "absent")),
    });
  });
});
