// For tests: a stand-in for the HTTP interface of the Hugging Face hub, as far as publishing and downloading use it. It takes
// large files by both of the hub's protocols, and checks every byte by its SHA-256.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createXetStore, type XetStore } from "./hub-server-xet.ts";

/** The token that may write. */
export const GOOD_TOKEN = "hf_good";

/** A token that may read alone. */
export const READ_TOKEN = "hf_read";

/** How the stand-in behaves. */
export type HubFixtureOptions = {
  /** How it takes files that are not text: `xet` as the hub does today, or `basic`, plain Git LFS. */
  transfer: "xet" | "basic";
  /** Answers a request in place of the stand-in; returns false to leave it to that. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

/** What a repository holds. */
type HubRepository = {
  visibility: string | undefined;
  commits: string[];
  /** Text files by path. */
  files: Map<string, Buffer>;
  /** SHA-256 of files that are not text, by path. */
  largeFiles: Map<string, { oid: string; size: number }>;
};

/** A running stand-in. */
export type HubFixture = {
  url: string;
  repositories: Map<string, HubRepository>;
  /** Method and path of every request so far. */
  requests: string[];
  close(): Promise<void>;
};

type Context = {
  request: IncomingMessage;
  response: ServerResponse;
  /** Groups of the route's pattern. */
  groups: Record<string, string>;
  url: string;
};

/**
 * Starts a stand-in on a free port of 127.0.0.1.
 *
 * @param options See {@link HubFixtureOptions}.
 */
export async function serveHub(options: HubFixtureOptions): Promise<HubFixture> {
  const repositories = new Map<string, HubRepository>();
  const requests: string[] = [];
  let url = "";
  const routes = listRoutes({ repositories, objects: new Map(), xet: createXetStore(() => url), options });
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (options.intercept?.(request, response)) return;
    answer(routes, { request, response, url }).catch((error: unknown) => {
      reply(response, 500, { error: String(error) });
    });
  };
  // By default idle connections are closed after 5 s, which a busy machine reaches in the middle of an upload.
  const server = createServer({ keepAliveTimeout: 120_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    repositories,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Route = { method: string; path: RegExp; handle: (context: Context) => Promise<void> | void };

async function answer(routes: readonly Route[], context: Omit<Context, "groups">): Promise<void> {
  const { method, url = "", headers } = context.request;
  const path = url.split("?")[0]!;
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match) return route.handle({ ...context, groups: match.groups ?? {} });
  }
  reply(context.response, 404, { error: `no route for ${method} ${path} (${headers.accept})` });
}

/** Sends JSON. */
function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Whether the request's token may write; answers as the hub does where not. */
function mayWrite({ request, response }: Context): boolean {
  const token = request.headers.authorization?.replace("Bearer ", "");
  if (token === GOOD_TOKEN) return true;
  if (token === READ_TOKEN) reply(response, 403, { error: "You need write access" });
  else reply(response, 401, { error: "Invalid username or password." });
  return false;
}

type Store = {
  repositories: Map<string, HubRepository>;
  /** Files that came by Git LFS, by SHA-256. */
  objects: Map<string, Buffer>;
  xet: XetStore;
  options: HubFixtureOptions;
};

function listRoutes(store: Store): Route[] {
  const repo = "(?<repo>[^/]+/[^/]+?)";
  const route = (method: string, path: string, handle: Route["handle"]): Route => ({
    method,
    path: new RegExp(`^${path}$`),
    handle,
  });
  return [
    route("GET", `/api/models/${repo}`, ({ groups, response }) => {
      const isThere = store.repositories.has(groups.repo!);
      reply(response, isThere ? 200 : 404, isThere ? { id: groups.repo } : { error: "Repository not found" });
    }),
    route("POST", "/api/repos/create", (context) => createRepository(store, context)),
    route("POST", `/api/models/${repo}/preupload/main`, (context) => preupload(context)),
    route("POST", `/${repo}\\.git/info/lfs/objects/batch`, (context) => startLargeFiles(store, context)),
    route("PUT", "/lfs/(?<oid>\\w+)", (context) => takeLargeFile(store, context)),
    route("POST", `/api/models/${repo}/commit/main`, (context) => commit(store, context)),
    route("GET", `/${repo}/resolve/main/(?<path>.+)`, (context) => download(store, context)),
    ...store.xet.routes.map(({ method, path, handle }) => route(method, path, handle)),
  ];
}

async function createRepository({ repositories }: Store, context: Context): Promise<void> {
  if (!mayWrite(context)) return;
  const body = await readJson<{ name: string; organization: string; visibility?: string; type: string }>(
    context,
  );
  const id = `${body.organization}/${body.name}`;
  if (repositories.has(id))
    return reply(context.response, 409, { error: "You already created this model repo" });
  const { visibility } = body;
  repositories.set(id, { visibility, commits: [], files: new Map(), largeFiles: new Map() });
  reply(context.response, 200, { url: `${context.url}/${id}`, id, name: id });
}

async function preupload(context: Context): Promise<void> {
  if (!mayWrite(context)) return;
  const { files } = await readJson<{ files: { path: string; sample: string }[] }>(context);
  const isText = (sample: string) => !Buffer.from(sample, "base64").includes(0);
  const modes = files.map(({ path, sample }) => ({ path, uploadMode: isText(sample) ? "regular" : "lfs" }));
  reply(context.response, 200, { files: modes });
}

async function startLargeFiles({ objects, xet, options }: Store, context: Context): Promise<void> {
  if (!mayWrite(context)) return;
  const body = await readJson<{ transfers: string[]; objects: { oid: string; size: number }[] }>(context);
  const transfer = body.transfers.includes(options.transfer) ? options.transfer : "basic";
  const offers = body.objects.map(({ oid, size }) => {
    if (objects.has(oid) || xet.fileOf(oid)) return { oid, size };
    const href = transfer === "xet" ? `${context.url}/xet-token` : `${context.url}/lfs/${oid}`;
    return { oid, size, actions: { upload: { href, header: {} } } };
  });
  reply(context.response, 200, { transfer, objects: offers });
}

async function takeLargeFile({ objects }: Store, { request, response, groups }: Context): Promise<void> {
  const bytes = await buffer(request);
  const oid = createHash("sha256").update(bytes).digest("hex");
  if (oid !== groups.oid) return reply(response, 400, { error: "these are other bytes than were announced" });
  objects.set(oid, bytes);
  response.writeHead(200).end();
}

type CommitLine =
  | { key: "header"; value: { summary: string } }
  | { key: "file"; value: { path: string; content: string } }
  | { key: "lfsFile"; value: { path: string; oid: string; size: number } };

async function commit({ repositories, objects, xet }: Store, context: Context): Promise<void> {
  const { response, groups, url } = context;
  if (!mayWrite(context)) return;
  const repository = repositories.get(groups.repo!);
  if (!repository) return reply(response, 404, { error: "Repository not found" });
  const lines = (await buffer(context.request)).toString().split("\n").filter(Boolean);
  for (const { key, value } of lines.map((line) => JSON.parse(line) as CommitLine)) {
    if (key === "header") repository.commits.push(value.summary);
    if (key === "file") repository.files.set(value.path, Buffer.from(value.content, "base64"));
    if (key !== "lfsFile") continue;
    const isHere = objects.get(value.oid)?.length === value.size || xet.fileOf(value.oid);
    if (!isHere) return reply(response, 400, { error: `${value.path} was not uploaded` });
    repository.largeFiles.set(value.path, value);
  }
  const commitOid = "c0ffee";
  reply(response, 200, { success: true, commitOid, commitUrl: `${url}/${groups.repo}/commit/${commitOid}` });
}

function download({ repositories, objects, xet }: Store, { request, response, groups, url }: Context): void {
  const repository = repositories.get(groups.repo!);
  const large = repository?.largeFiles.get(groups.path!);
  const xetFile = large && xet.fileOf(large.oid);
  if (xetFile && request.headers.accept?.includes("xet-fileinfo")) {
    const links = [
      `<${url}/cas/v1/reconstructions/${xetFile.hash}>; rel="xet-reconstruction-info"`,
      `<${url}/xet-token>; rel="xet-auth"`,
    ];
    const headers = { "x-xet-hash": xetFile.hash, "x-linked-size": large.size, etag: `"${large.oid}"` };
    const type = "application/vnd.xet-fileinfo+json";
    response.writeHead(200, { ...headers, link: links.join(", "), "content-type": type }).end("{}");
    return;
  }
  const bytes = large ? objects.get(large.oid) : repository?.files.get(groups.path!);
  if (bytes) sendRange(bytes, request, response);
  else response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
}

/** Sends the bytes that the request asks for, by its header `Range`. */
function sendRange(bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const [, first = "0", last = String(bytes.length - 1)] =
    /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const part = bytes.subarray(Number(first), Number(last || bytes.length - 1) + 1);
  response.writeHead(206, {
    "content-range": `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`,
    "content-length": part.length,
    etag: '"1"',
  });
  response.end(part);
}

async function readJson<Body>({ request }: Context): Promise<Body> {
  return JSON.parse((await buffer(request)).toString()) as Body;
}
