import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { ServiceError } from "../errors.ts";
import { answersAnyName } from "../server/browser-misuse.ts";
import type { ServerSettings } from "../server/settings.ts";
import { openShare, type Share } from "../server/share.ts";
import { errorLine } from "./output-format.ts";

/** Names that the tunnels have. */
const TUNNEL_NAMES = ".trycloudflare.com";

/**
 * Settings for a server behind a tunnel: what comes through it comes from this machine and says for whom.
 *
 * @param settings As read.
 */
export function settingsForSharing(settings: ServerSettings): ServerSettings {
  const shared = { ...settings, trustProxy: [...settings.trustProxy, "loopback"] };
  if (answersAnyName(settings)) return shared;
  return { ...shared, allowedHosts: [...settings.allowedHosts, TUNNEL_NAMES] };
}

/**
 * Opens a public link to a server and prints it. Where none can be had, it says why: the server goes on without.
 *
 * @param server Listens.
 * @returns The link, null where there is none.
 */
export async function shareServer(server: FastifyInstance): Promise<Share | null> {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  print("Opening a public link ...");
  try {
    const share = await openShare(localUrl(server));
    print(`Public link: ${share.url}`);
    void share.ended.then(() => print("The public link is closed."));
    if (server.context.settings.token === "")
      print("Whoever has it can use this server; --token asks for a token.");
    return share;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    process.stderr.write(errorLine(error.message));
    print("The server goes on without a public link.");
    return null;
  }
}

/** The address of the server on this machine, whatever it listens on besides. */
function localUrl(server: FastifyInstance): string {
  const { address, port } = server.server.address() as AddressInfo;
  const host = address === "0.0.0.0" || address === "::" ? "127.0.0.1" : address;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
