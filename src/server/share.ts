// A public https link to a server on this machine, through Cloudflare's quick tunnels.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../corpus/cache-folder.ts";
import { ServiceError } from "../errors.ts";

/** A link that is up. */
export type Share = {
  /** https, without a slash at its end. */
  url: string;
  /** Settles when the link is gone, whoever closed it. */
  readonly ended: Promise<void>;
  /** Closes the link; may be called twice. */
  close(): Promise<void>;
};

/** Settings of {@link openShare}. */
export type ShareOptions = {
  /** Called before a program is downloaded, with what the user has to know. */
  onDownload: (notice: string) => void;
  /** Where the program is kept. Default: `cloudflared` in the cache folder. */
  folder?: string;
  /** Time in which the link has to come up, with the download, in ms. Default: 180000. */
  timeoutMs?: number;
};

/** What the process that holds the tunnel says. */
export type ShareMessage = { url: string } | { error: string };

const NOTICE = `A public link needs the program cloudflared, which is now downloaded from GitHub (about 40 MB, once).
To use it is to accept Cloudflare's terms: https://www.cloudflare.com/terms/ and https://www.cloudflare.com/privacypolicy/`;

/** Time in which the tunnel has to close, in ms; then its process is killed. */
const CLOSE_TIMEOUT_MS = 8000;

/**
 * Opens a link.
 *
 * @param target Address of the server, http.
 * @param options See {@link ShareOptions}.
 * @throws {ServiceError} `service-not-shared`: no tunnel could be had; the message says why.
 */
export async function openShare(target: string, options: ShareOptions): Promise<Share> {
  const { onDownload, folder = join(cacheFolder(), "cloudflared"), timeoutMs = 180_000 } = options;
  if (!existsSync(join(folder, "node-untun"))) onDownload(NOTICE);
  let child: ChildProcess | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    child = startWorker(target, folder);
    const url = await urlOf(child, timeoutMs);
    return shareOf(child, url);
  } catch (cause) {
    if (child) await end(child);
    // A download that broke off looks like the program, so the next attempt begins anew.
    await rm(folder, { recursive: true, force: true });
    const reason = (cause as Error).message.trim();
    throw new ServiceError("service-not-shared", `share: no public link could be had: ${reason}`, { cause });
  }
}

/** The library keeps the program in the folder for temporary files, which others on this machine may write to. */
function startWorker(target: string, folder: string): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(new URL(isSource ? "./share-worker.ts" : "./share-worker.js", import.meta.url));
  return fork(path, [target], {
    execArgv: isSource ? ["--import", import.meta.resolve("tsx")] : [],
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // Ctrl-C is for the server alone: answers under way still go out through the tunnel.
    detached: true,
  });
}

async function urlOf(child: ChildProcess, timeoutMs: number): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  const [message] = (await Promise.race([
    once(child, "message", { signal }),
    once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`the tunnel's process ended with code ${code}`);
    }),
  ])) as [ShareMessage];
  if ("error" in message) throw new Error(message.error);
  return message.url;
}

function shareOf(child: ChildProcess, url: string): Share {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { url: url.replace(/\/+$/, ""), ended, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_TIMEOUT_MS);
  await exited.finally(() => clearTimeout(timer));
}
