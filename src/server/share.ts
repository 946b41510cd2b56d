// A public https link to a server on this machine, through Cloudflare's quick tunnels.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ServiceError } from "../errors.ts";
import { workerFile } from "../workers/worker-thread.ts";

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
  /** Folders in which `cloudflared` is looked for, as in the variable `PATH`. Default: that. */
  path?: string;
  /** Time in which the link has to come up, in ms. Default: 60000. */
  timeoutMs?: number;
};

/** What the process that holds the tunnel says. */
export type ShareMessage = { url: string } | { error: string };

/** Where the program comes from, with a signature that the system's own installer checks. */
const DOWNLOADS =
  "https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/";

/** Under this version the library finds the program that is installed, and fetches none, which it would run unchecked. */
const VERSION = "installed";

/** Time in which the tunnel has to close, in ms; then its process is killed. */
const CLOSE_TIMEOUT_MS = 8000;

/**
 * Opens a link.
 *
 * @param target Address of the server, http.
 * @param options See {@link ShareOptions}.
 * @throws {ServiceError} `service-not-shared`: `cloudflared` is not installed, or no tunnel could be had.
 */
export async function openShare(target: string, options: ShareOptions = {}): Promise<Share> {
  const { path = process.env.PATH ?? "", timeoutMs = 60_000 } = options;
  const program = await findProgram(path);
  const folder = await mkdtemp(join(tmpdir(), "spoken-digits-share-"));
  let child: ChildProcess | undefined;
  try {
    await linkProgram(program, folder);
    child = startWorker(target, folder);
    return shareOf(child, { url: await urlOf(child, timeoutMs), folder });
  } catch (cause) {
    if (child) await end(child);
    await rm(folder, { recursive: true, force: true });
    throw notShared((cause as Error).message.trim(), cause);
  }
}

/** @throws {ServiceError} `service-not-shared`: it is in none of the folders. */
async function findProgram(path: string): Promise<string> {
  const name = process.platform === "win32" ? "cloudflared.exe" : "cloudflared";
  for (const folder of path.split(delimiter).filter((entry) => entry !== "")) {
    const program = join(folder, name);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  throw notShared(`it needs the program cloudflared; install it (${DOWNLOADS}) and run this again`);
}

function notShared(reason: string, cause?: unknown): ServiceError {
  return new ServiceError("service-not-shared", `share: no public link could be had: ${reason}`, { cause });
}

async function linkProgram(program: string, folder: string): Promise<void> {
  const suffix = process.platform === "win32" ? ".exe" : "";
  await mkdir(join(folder, "node-untun"));
  await symlink(program, join(folder, "node-untun", `cloudflared.${VERSION}${suffix}`));
}

/** The library looks for the program in the folder for temporary files, which others on this machine may write to. */
function startWorker(target: string, folder: string): ChildProcess {
  const file = workerFile("server/share-worker");
  return fork(fileURLToPath(file), [target], {
    execArgv: file.pathname.endsWith(".ts") ? ["--import", import.meta.resolve("tsx")] : [],
    env: { ...process.env, CLOUDFLARED_VERSION: VERSION, TMPDIR: folder, TEMP: folder, TMP: folder },
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

function shareOf(child: ChildProcess, { url, folder }: { url: string; folder: string }): Share {
  const ended = once(child, "exit").then(() => rm(folder, { recursive: true, force: true }));
  return { url: url.replace(/\/+$/, ""), ended, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_TIMEOUT_MS);
  await exited.finally(() => clearTimeout(timer));
}
