// As much of S3 as a batch asks for: ListObjectsV2, in small pages, and GetObject.

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const PAGE = 5;

/** A store of one bucket, `calls`. */
export type S3StandIn = {
  /** The environment by which the SDK finds it. */
  env: Record<string, string>;
  stop(): void;
};

/**
 * Starts a store.
 *
 * @param objects Contents by their keys.
 * @param onGet Told of each object that is asked for, before it is sent.
 */
export async function startS3(
  objects: ReadonlyMap<string, Uint8Array>,
  onGet: (key: string) => unknown = () => undefined,
): Promise<S3StandIn> {
  const server = createServer(async ({ url = "" }, response) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const key = decodeURIComponent(pathname).slice("/calls/".length);
    if (searchParams.get("list-type") === "2") return answerList(response, [...objects.keys()], searchParams);
    await onGet(key);
    const bytes = objects.get(key);
    if (bytes) response.end(bytes);
    else response.writeHead(404).end("<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "nobody",
      AWS_SECRET_ACCESS_KEY: "nothing",
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerList(response: ServerResponse, keys: readonly string[], query: URLSearchParams): void {
  const from = Number(query.get("continuation-token") ?? 0);
  const found = keys.filter((key) => key.startsWith(query.get("prefix") ?? ""));
  const page = found.slice(from, from + PAGE).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  const isCut = from + PAGE < found.length;
  const next = isCut ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : "";
  response.setHeader("content-type", "application/xml");
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isCut}</IsTruncated>${page.join("")}${next}</ListBucketResult>`,
  );
}
