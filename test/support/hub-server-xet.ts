// For tests: the part of the hub's stand-in that takes large files as the hub does today. A file is cut into chunks, these
// are packed into blocks ("xorbs"), and a "shard" says of which chunks a file consists. Formats: the Xet protocol
// specification, https://huggingface.co/docs/xet.

import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

type Term = { hash: string; unpackedLength: number; start: number; end: number };

/** A file that shards tell of. */
type XetFile = { hash: string; sha256: string; terms: Term[] };

type XetContext = { request: IncomingMessage; response: ServerResponse; groups: Record<string, string> };

/** Blocks, files and the routes by which they come and go. */
export type XetStore = {
  /** The file with a SHA-256, once its shard and all its blocks are there. */
  fileOf(sha256: string): XetFile | undefined;
  routes: { method: string; path: string; handle: (context: XetContext) => Promise<void> | void }[];
};

const SHARD_HEADER_SIZE = 48;
const ENTRY_SIZE = 48;
const HASH_SIZE = 32;
const CHUNK_HEADER_SIZE = 8;
const WITH_VERIFICATION = 0x80000000;
const WITH_METADATA = 0x40000000;
const TOKEN = "xet-token";

/**
 * Makes an empty store.
 *
 * @param address Gives the address of the server.
 */
export function createXetStore(address: () => string): XetStore {
  const blocks = new Map<string, Buffer>();
  const files = new Map<string, XetFile>();
  const isWhole = ({ terms }: XetFile) => terms.every(({ hash }) => blocks.has(hash));
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const ifAllowed = (handle: (context: XetContext) => Promise<void> | void) => (context: XetContext) => {
    if (context.request.headers.authorization === `Bearer ${TOKEN}`) return handle(context);
    json(context.response, 401, { error: "not the token of the storage" });
  };
  return {
    fileOf: (sha256) => [...files.values()].find((file) => file.sha256 === sha256 && isWhole(file)),
    routes: [
      {
        method: "GET",
        path: "/xet-token",
        handle: ({ response }) => {
          const exp = Math.floor(Date.now() / 1000) + 3600;
          json(response, 200, { accessToken: TOKEN, casUrl: `${address()}/cas`, exp });
        },
      },
      {
        method: "GET",
        path: "/cas/v1/chunks/default/\\w+",
        handle: ({ response }) => void json(response, 404, { error: "no such chunk is known" }),
      },
      {
        method: "POST",
        path: "/cas/v1/xorbs/default/(?<hash>\\w+)",
        handle: ifAllowed(async ({ request, response, groups }) => {
          blocks.set(groups.hash!, await buffer(request));
          json(response, 200, { was_inserted: true });
        }),
      },
      {
        method: "POST",
        path: "/cas/v1/shards",
        handle: ifAllowed(async ({ request, response }) => {
          for (const file of readShard(await buffer(request))) files.set(file.hash, file);
          json(response, 200, { result: 1 });
        }),
      },
      {
        method: "GET",
        path: "/cas/v2/reconstructions/(?<hash>\\w+)",
        handle: ifAllowed(({ response, groups }) => {
          json(response, 200, reconstruction(files.get(groups.hash!)!, blocks, address()));
        }),
      },
      {
        method: "GET",
        path: "/blocks/(?<hash>\\w+)",
        handle: ({ request, response, groups }) => {
          const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "")!;
          response.writeHead(206).end(blocks.get(groups.hash!)!.subarray(Number(first), Number(last) + 1));
        },
      },
    ],
  };
}

/** How a file is put together again from its chunks, and where these lie in the blocks. */
function reconstruction(file: XetFile, blocks: ReadonlyMap<string, Buffer>, address: string) {
  const ranges = (hash: string) =>
    file.terms
      .filter((term) => term.hash === hash)
      .map(({ start, end }) => ({
        chunks: { start, end },
        bytes: { start: chunkStart(blocks.get(hash)!, start), end: chunkStart(blocks.get(hash)!, end) - 1 },
      }));
  const hashes = [...new Set(file.terms.map(({ hash }) => hash))];
  return {
    offset_into_first_range: 0,
    terms: file.terms.map(({ hash, unpackedLength, start, end }) => ({
      hash,
      unpacked_length: unpackedLength,
      range: { start, end },
    })),
    xorbs: Object.fromEntries(
      hashes.map((hash) => [hash, [{ url: `${address}/blocks/${hash}`, ranges: ranges(hash) }]]),
    ),
  };
}

/** Where in a block a chunk begins. Each has a header with a version and, in bytes 1 to 3, its length. */
function chunkStart(block: Buffer, index: number): number {
  let start = 0;
  for (let i = 0; i < index; i++) start += CHUNK_HEADER_SIZE + block.readUIntLE(start + 1, 3);
  return start;
}

function readShard(shard: Buffer): XetFile[] {
  const files: XetFile[] = [];
  let at = SHARD_HEADER_SIZE;
  // A hash of ones ends the list of files.
  while (!shard.subarray(at, at + HASH_SIZE).every((byte) => byte === 0xff)) {
    const hash = readHash(shard, at);
    const flags = shard.readUInt32LE(at + HASH_SIZE);
    const nTerms = shard.readUInt32LE(at + HASH_SIZE + 4);
    at += ENTRY_SIZE;
    const terms = Array.from({ length: nTerms }, (_, i) => readTerm(shard, at + i * ENTRY_SIZE));
    at += nTerms * ENTRY_SIZE * (flags & WITH_VERIFICATION ? 2 : 1);
    const sha256 = flags & WITH_METADATA ? readHash(shard, at) : "";
    if (flags & WITH_METADATA) at += ENTRY_SIZE;
    files.push({ hash, sha256, terms });
  }
  return files;
}

function readTerm(shard: Buffer, at: number): Term {
  return {
    hash: readHash(shard, at),
    unpackedLength: shard.readUInt32LE(at + HASH_SIZE + 4),
    start: shard.readUInt32LE(at + HASH_SIZE + 8),
    end: shard.readUInt32LE(at + HASH_SIZE + 12),
  };
}

/** A hash is written as four numbers of eight bytes, the lowest first. */
function readHash(shard: Buffer, at: number): string {
  const numbers = [0, 8, 16, 24].map((offset) => shard.readBigUInt64LE(at + offset));
  return numbers.map((number) => number.toString(16).padStart(16, "0")).join("");
}
