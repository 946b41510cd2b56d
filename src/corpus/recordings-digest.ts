import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import { FileError } from "../errors.ts";

/**
 * A digest over the WAV files of a folder, by name and content, whatever archive they came in. It is the SHA-256 of one
 * line a file, `NAME SHA256-OF-CONTENT` with a line feed at its end, sorted by name in code-unit order; digests are
 * in lower-case hexadecimal. In a shell, in the folder: `sha256sum *.wav | awk '{print $2" "$1}' | LC_ALL=C sort -k1,1 |
 * sha256sum`.
 *
 * @param folder Its own `*.wav` files count; other files and folders below it do not.
 * @returns 64 hexadecimal digits. A folder without a WAV has the digest of no bytes.
 * @throws {FileError} The folder or a file in it cannot be read.
 */
export async function recordingsDigest(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".wav")).sort();
    const lines = await pMap(
      names,
      async (name) => `${name} ${sha256(await readFile(join(folder, name)))}\n`,
      {
        concurrency: 8,
      },
    );
    return sha256(lines.join(""));
  } catch (cause) {
    throw new FileError(`recordingsDigest: cannot read ${folder}: ${(cause as Error).message}`, { cause });
  }
}

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
