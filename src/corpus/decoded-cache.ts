// Decoded recordings, kept in the cache folder: reading the corpora takes minutes, reading their samples seconds.

import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import { cacheFolder } from "./cache-folder.ts";

/** To be raised when decoding or resampling gives other samples than before. */
const DECODING = 1;
const DIGEST_BYTES = 32;
const MAX_BYTES = 4e9;

/**
 * Gives the samples of files, from the cache where all of them are as they were when they were decoded.
 *
 * @param paths Of the files, together a few hundred MB at most.
 * @param decode Called where the cache has nothing whole.
 * @returns The samples of each file. What is not used for longest leaves the cache beyond 4 GB.
 */
export async function decodedOnce(
  paths: readonly string[],
  decode: () => Promise<Float32Array[]>,
): Promise<Float32Array[]> {
  const folder = join(cacheFolder(), "decoded");
  const file = join(folder, await keyOf(paths));
  const kept = await readFile(file).then(unpack, () => undefined);
  if (kept?.length === paths.length) {
    await utimes(file, new Date(), new Date()).catch(() => undefined);
    return kept;
  }
  const samples = await decode();
  // Where nothing can be kept, the next training decodes again.
  await keep(folder, file, pack(samples)).catch(() => undefined);
  return samples;
}

/** Changes with a path, a size, or a time. A file that is not there is left for `decode` to name. */
async function keyOf(paths: readonly string[]): Promise<string> {
  const lines = await pMap(
    paths,
    async (path) => {
      const found = await stat(path).catch(() => undefined);
      return `${path}\t${found?.size}\t${found?.mtimeMs}`;
    },
    { concurrency: 32 },
  );
  return createHash("sha256")
    .update([DECODING, ...lines].join("\n"))
    .digest("hex");
}

async function keep(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const beside = `${file}.${randomUUID()}`;
  await writeFile(beside, bytes);
  await rename(beside, file);
  const names = await readdir(folder);
  const files = await Promise.all(names.map(async (name) => ({ name, ...(await stat(join(folder, name))) })));
  let total = 0;
  for (const { name, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (total > MAX_BYTES) await rm(join(folder, name), { force: true });
  }
}

/** A digest, the number of recordings, their lengths, then their samples. */
function pack(samples: readonly Float32Array[]): Buffer {
  const lengths = Uint32Array.of(samples.length, ...samples.map(({ length }) => length));
  const parts = [lengths, ...samples].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  const body = Buffer.concat(parts);
  return Buffer.concat([createHash("sha256").update(body).digest(), body]);
}

/** Undefined where the bytes are damaged. */
function unpack(bytes: Buffer): Float32Array[] | undefined {
  const body = bytes.subarray(DIGEST_BYTES);
  const digest = createHash("sha256").update(body).digest();
  if (body.length < 4 || !digest.equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
  const { buffer } = new Uint8Array(body);
  const lengths = new Uint32Array(buffer, 4, new Uint32Array(buffer, 0, 1)[0]);
  let at = 4 + lengths.byteLength;
  return Array.from(lengths, (length) => {
    const samples = new Float32Array(buffer, at, length);
    at += samples.byteLength;
    return samples;
  });
}
