// The files in a tar archive, found without reading them. What is known of a plain archive is where each file lies, so that
// any process can read it there; a compressed one has to be read from its beginning.
//
// The format: https://www.gnu.org/software/tar/manual/html_node/Standard.html, with names and sizes of POSIX 2001 (pax).

import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createTarDecoder } from "modern-tar";
import { FileError } from "../errors.ts";
import { asFileError } from "../file-error.ts";

/** A file in an archive; its name is as the archive says and not to be trusted as a path. */
export type TarMember = { name: string; offset: number; size: number };

const BLOCK = 512;

/** Longest name or list of attributes that is believed. */
const MAX_META_BYTES = 1_048_576;

type Header = { name: string; size: number; type: string };

/** Names and sizes that stand before a header and go before what it says. */
type Meta = { name?: string; size?: number };

/**
 * Lists the plain files of an archive that is not compressed.
 *
 * @param path Of the archive.
 * @throws {FileError} It is no tar archive, or ends too early. What came before has been listed by then.
 */
export async function* tarMembers(path: string): AsyncGenerator<TarMember> {
  const file = await open(path).catch(asFileError("cannot be read"));
  try {
    yield* membersOf(file);
  } finally {
    await file.close();
  }
}

/**
 * Reads the plain files of an archive compressed by gzip, one after another.
 *
 * @param path Of the archive.
 * @param isWanted Whether a file is to be read, by its name.
 * @throws {FileError} It is damaged.
 */
export async function* gzippedMembers(
  path: string,
  isWanted: (name: string) => boolean,
): AsyncGenerator<{ name: string; bytes: Uint8Array }> {
  const compressed = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array<ArrayBuffer>>;
  try {
    const entries = compressed
      .pipeThrough(new DecompressionStream("gzip"))
      .pipeThrough(createTarDecoder({ strict: true }));
    for await (const { header, body } of entries) {
      if (header.type !== "file" || !isWanted(header.name)) await body.cancel();
      else yield { name: header.name, bytes: new Uint8Array(await new Response(body).arrayBuffer()) };
    }
  } catch (cause) {
    throw new FileError(`no whole tar archive: ${(cause as Error).message}`, { cause });
  }
}

async function* membersOf(file: FileHandle): AsyncGenerator<TarMember> {
  const { size: end } = await file.stat();
  let meta: Meta = {};
  for (let position = 0; position < end; ) {
    const header = parseHeader(await readAt(file, position, BLOCK), position);
    if (!header) return;
    const offset = position + BLOCK;
    const size = meta.size ?? header.size;
    if (offset + size > end) throw new FileError(`no whole tar archive: it ends within ${header.name}`);
    if (/[xgLK]/.test(header.type)) {
      meta = { ...meta, ...parseMeta(header, await readAt(file, offset, Math.min(size, MAX_META_BYTES))) };
    } else {
      if (/[0\0]/.test(header.type)) yield { name: meta.name ?? header.name, offset, size };
      meta = {};
    }
    position = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new FileError("no whole tar archive: its end is missing");
}

async function readAt(file: FileHandle, position: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, position);
  return buffer.subarray(0, bytesRead);
}

/** @returns Nothing for the block of zeros that ends an archive. */
function parseHeader(block: Buffer, position: number): Header | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (block.length < BLOCK || checksumOf(block) !== octal(block, 148, 8)) {
    throw new FileError(`no whole tar archive: there is no header at byte ${position}`);
  }
  const name = text(block, 0, 100);
  const prefix = text(block, 257, 6) === "ustar" ? text(block, 345, 155) : "";
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: octal(block, 124, 12),
    type: String.fromCharCode(block[156]!),
  };
}

/** Of all bytes, where the checksum itself counts as spaces. */
function checksumOf(block: Buffer): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

function octal(block: Buffer, start: number, size: number): number {
  return Number.parseInt(text(block, start, size).trim() || "0", 8);
}

function text(block: Buffer, start: number, size: number): string {
  const field = block.subarray(start, start + size);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? size : end);
}

/** A long name of GNU tar's, or the attributes of pax: lines of the form `27 path=a/long/name`, with their length. */
function parseMeta({ type }: Header, bytes: Buffer): Meta {
  if (type === "L") return { name: text(bytes, 0, bytes.length) };
  const meta: Meta = {};
  for (let start = 0; type === "x" && start < bytes.length; ) {
    const length = Number.parseInt(bytes.toString("utf8", start, start + 20), 10);
    if (!(length > 0)) break;
    const [, key, value = ""] =
      /^\d+ ([^=]+)=(.*)\n$/s.exec(bytes.toString("utf8", start, start + length)) ?? [];
    if (key === "path") meta.name = value;
    if (key === "size") meta.size = Number(value);
    start += length;
  }
  return meta;
}
