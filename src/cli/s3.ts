// Objects in S3, or in a store that speaks its protocol. Credentials, region and endpoint come from the SDK's own environment
// variables and files.

import { isAudioName } from "../corpus/list-folder.ts";
import { FileError, InvalidArgumentError } from "../errors.ts";
import { loadPeer } from "../redis.ts";

const ADDRESS = /^s3:\/\/([^/]+)\/?(.*)$/s;

/**
 * Lists the audio files of a bucket, a page at a time.
 *
 * @param address `s3://bucket/prefix`.
 * @returns Their addresses, in the order of their keys.
 * @throws {InvalidArgumentError} It names no bucket, or the SDK is not installed.
 * @throws {FileError} The store does not list them.
 */
export async function* listS3Objects(address: string): AsyncGenerator<string> {
  const { bucket, key } = parseAddress(address);
  const { sdk, client } = await connect();
  try {
    for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: key })) {
      for (const { Key: found = "" } of page.Contents ?? []) {
        if (isAudioName(found.slice(found.lastIndexOf("/") + 1))) yield `s3://${bucket}/${found}`;
      }
    }
  } catch (cause) {
    throw new FileError(`${address}: cannot be listed: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads an object.
 *
 * @param address `s3://bucket/key`.
 * @throws {InvalidArgumentError} As of {@link listS3Objects}.
 * @throws {FileError} It cannot be read. The message does not name it.
 */
export async function readS3Object(address: string): Promise<Uint8Array> {
  const { bucket, key } = parseAddress(address);
  const { sdk, client } = await connect();
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (cause) {
    const { name, message } = cause as Error;
    const reason = name === "NoSuchKey" ? "there is no such object" : `cannot be read: ${message || name}`;
    throw new FileError(reason, { cause });
  }
}

function parseAddress(address: string): { bucket: string; key: string } {
  const [, bucket, key = ""] = ADDRESS.exec(address) ?? [];
  if (bucket === undefined) throw new InvalidArgumentError(`${address}: expected s3://bucket/prefix`);
  return { bucket, key };
}

let connection: ReturnType<typeof createConnection> | undefined;

function connect() {
  connection ??= createConnection();
  return connection;
}

async function createConnection() {
  const sdk = await loadPeer(() => import("@aws-sdk/client-s3"), {
    what: "s3://",
    packages: "@aws-sdk/client-s3",
  });
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env;
  // Other stores seldom have a host name for each bucket.
  const forcePathStyle = Boolean(AWS_ENDPOINT_URL || AWS_ENDPOINT_URL_S3);
  return { sdk, client: new sdk.S3Client({ forcePathStyle }) };
}
