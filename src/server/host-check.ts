// Under which names the server may be asked. A page of any site can have its own name lead to this machine and then read
// what is answered there (DNS rebinding); addresses and names of the machine's own cannot be taken over so.

import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import type { DropReport } from "./drops.ts";
import { HEALTH_PATHS } from "./health-routes.ts";
import type { ServerSettings } from "./settings.ts";

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
function createHostCheck({
  host,
  allowedHosts,
}: Pick<ServerSettings, "host" | "allowedHosts">): (header: string) => boolean {
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
export function answersAnyName({
  host,
  allowedHosts,
}: Pick<ServerSettings, "host" | "allowedHosts">): boolean {
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
