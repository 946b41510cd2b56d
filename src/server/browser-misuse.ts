// What pages of other sites could do with a server through the browsers of its users, and whom it refuses for that.
//
// A page of any site can have its own name lead to this machine and then read what is answered there (DNS rebinding);
// addresses and names of the machine's own cannot be taken over so: a server is asked under these alone.
//
// Browsers let any page send a form or open a WebSocket to any server: it cannot read the answer, but costs the work. It
// is for the server to look where the page is from. Programs send none of these headers.

import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";
import type { DropReport } from "./drops.ts";
import { HEALTH_PATHS } from "./health-routes.ts";
import type { ServerSettings } from "./settings.ts";

type Names = Pick<ServerSettings, "host" | "allowedHosts">;

/** Addresses that stand for all of the machine's: such a server is meant for others, under names it does not know. */
const ALL_ADDRESSES: readonly string[] = ["0.0.0.0", "::"];

/**
 * Refuses requests under names that are not this server's, save those for its health.
 *
 * @param server Is changed.
 * @param settings Its address and its names.
 * @param drop Told of what is refused.
 */
export function guardHost(server: FastifyInstance, settings: ServerSettings, drop: DropReport): void {
  const isOwn = createHostCheck(settings);
  server.addHook("onRequest", (request, _reply, done) => {
    const { host: name } = request.headers;
    if (countHosts(request.raw.rawHeaders) > 1) return done(ambiguousHost("two headers Host"));
    if (HEALTH_PATHS.includes(request.routeOptions.url ?? "")) return done();
    if (name === undefined && request.raw.httpVersion === "1.1") return done(noHost());
    if (!isWellFormed(name)) return done(ambiguousHost("a header Host that is no name and port"));
    if (!isAskedAs(request.raw.url, name)) return done(ambiguousHost("an address of another host than Host"));
    if (name === undefined || isOwn(name)) return done();
    drop("foreign-host");
    done(foreignHost());
  });
}

/**
 * Makes the check of a `Host` header.
 *
 * @param settings.host Address that is listened on.
 * @param settings.allowedHosts Names besides; none where any name is right because the address stands for all.
 * @returns Takes the header, with a port or without.
 */
function createHostCheck({ host, allowedHosts }: Names): (header: string) => boolean {
  if (answersAnyName({ host, allowedHosts })) return () => true;
  const machine = hostname().toLowerCase();
  const names = new Set(["localhost", host.toLowerCase(), machine, `${machine}.local`, ...allowedHosts]);
  const endings = [".localhost", ...allowedHosts.filter((name) => name.startsWith("."))];
  return (header) => {
    const name = nameOf(header);
    return isIP(name) !== 0 || names.has(name) || endings.some((ending) => name.endsWith(ending));
  };
}

/**
 * Whether a server answers under whatever name it is asked.
 *
 * @param settings.host Address that is listened on.
 * @param settings.allowedHosts Names that were given.
 */
export function answersAnyName({ host, allowedHosts }: Names): boolean {
  return allowedHosts.length === 0 ? ALL_ADDRESSES.includes(host) : allowedHosts.includes("*");
}

/** Without port, brackets and the dot at the end that a full name may have. */
function nameOf(header: string): string {
  return header
    .toLowerCase()
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

/** A name, an address, or one in brackets; a port. */
const HOST = /^([\w.~-]*|\[[\da-f:.]+\])(:\d{1,5})?$/i;

const isWellFormed = (header: string | undefined) => header === undefined || HOST.test(header);

/** What a proxy is sent may name the host in its first line too. */
function isAskedAs(url: string | undefined, name: string | undefined): boolean {
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(url ?? "") ?? [];
  return authority === undefined || authority.toLowerCase() === name?.toLowerCase();
}

/** Node.js keeps the first; a proxy in front may have looked at the last. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === "host") count += 1;
  return count;
}

const ambiguousHost = (what: string) =>
  new RequestError("request-malformed", `the request has ${what}: it is not clear which server it asks`);

const noHost = () => new RequestError("request-malformed", "the request has no header Host");

const foreignHost = () =>
  new RequestError("request-misdirected", "this server is not asked under that name (--allowed-hosts)");

/** Methods that change nothing and carry nothing to work on. */
const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Refuses what pages of other origins send, unless they are allowed.
 *
 * @param server Is changed.
 * @param corsOrigins Origins that are allowed, `*` for all.
 * @param drop Told of what is refused.
 */
export function guardOrigin(server: FastifyInstance, corsOrigins: readonly string[], drop: DropReport): void {
  server.addHook("onRequest", (request, _reply, done) => {
    const refusal = SAFE_METHODS.includes(request.method) ? undefined : foreignPage(request, corsOrigins);
    if (refusal) drop("foreign-page");
    done(refusal);
  });
}

/**
 * Looks whether a request is of a page of another origin.
 *
 * @param request.headers Its `origin` and `sec-fetch-site` count.
 * @param request.host What it was sent to.
 * @param allowed Origins that may, `*` for all.
 * @returns What to refuse it with, if it is.
 */
export function foreignPage(
  { headers, host }: Pick<FastifyRequest, "headers" | "host">,
  allowed: readonly string[],
): RequestError | undefined {
  const { origin, "sec-fetch-site": site } = headers;
  if (allowed.includes("*") || (origin !== undefined && allowed.includes(origin))) return undefined;
  const isForeign =
    site === undefined
      ? origin !== undefined && !isSameHost(origin, host)
      : !OWN_SITES.includes(String(site));
  if (!isForeign) return undefined;
  return new RequestError(
    "request-foreign-page",
    `pages of ${origin ?? "other sites"} may not use this server (--cors-origins)`,
  );
}

/** What `Sec-Fetch-Site` says of the server's own page, and of what a user does without a page. */
const OWN_SITES: readonly string[] = ["same-origin", "none"];

function isSameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
