import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import type { Command } from "commander";
import type { FastifyInstance } from "fastify";
import { InvalidArgumentError } from "../errors.ts";
import { flagOf, readSettings, SETTING_NAMES, SETTINGS, type SettingTexts } from "../server/settings.ts";

const EXAMPLES = `
Every setting can also be given by environment: --max-body-bytes as SPOKEN_DIGITS_MAX_BODY_BYTES.

Examples:
  spoken-digits serve --open
  spoken-digits serve --host 0.0.0.0 --port 8080 --rate-limit 600
  curl --data-binary @seven.wav http://localhost:7860/api/classify

SIGTERM and Ctrl-C end the server once the work under way is done. Log lines (JSON) go to standard error.`;

/** Connections that may wait to be accepted: a client that finds no place there tries again only after a second. */
const BACKLOG = 4096;

type ServeOptions = SettingTexts & { open?: boolean; share?: boolean };

/** Adds `serve`: the page and the API over HTTP, from one process. @param program Is changed. */
export function addServeCommand(program: Command): void {
  const command = program.command("serve").description("Serve the page and an API over HTTP.");
  for (const name of SETTING_NAMES) {
    const { value, meaning, initial } = SETTINGS[name];
    const fallback = initial === "" ? "" : ` (default: ${initial})`;
    command.option(`${flagOf(name)} <${value}>`, `${meaning}${fallback}`);
  }
  command
    .option("--open", "open the page in a browser")
    .option(
      "--share",
      "open a public https link, through Cloudflare's quick tunnels, as long as the server runs",
    )
    .addHelpText("after", EXAMPLES)
    .action(serve);
}

async function serve({ open, share, ...flags }: ServeOptions): Promise<void> {
  const settings = readSettings(flags, process.env);
  const [{ createServer }, { stopServer }, { settingsForSharing, shareServer }] = await Promise.all([
    import("../server/create-server.ts"),
    import("../server/lifecycle.ts"),
    import("./share-server.ts"),
  ]);
  const server = await createServer(share ? settingsForSharing(settings) : settings);
  const url = await listen(server);
  // Whoever reads the greeting may send a signal at once. While a link comes up, one ends the process as it is.
  const signalled = share ? null : nextSignal();
  process.stdout.write(greeting(server, url));
  if (open && server.hasSite) openBrowser(url);
  const link = share ? await shareServer(server) : null;
  const signal = await (signalled ?? nextSignal());
  // Nobody waits behind Ctrl-C who would have to notice first.
  const isFinished = await stopServer(server, signal === "SIGINT" ? { stopDelayMs: 0 } : {});
  await link?.close();
  if (!isFinished) process.exitCode = 1;
}

async function listen(server: FastifyInstance): Promise<string> {
  const { host, port } = server.context.settings;
  try {
    await server.listen({ host, port, backlog: BACKLOG });
  } catch (cause) {
    await server.close();
    throw new InvalidArgumentError(`serve: cannot listen on ${host}:${port}: ${reasonOf(cause)}`, { cause });
  }
  const bound = (server.server.address() as AddressInfo).port;
  return `http://${nameOf(host)}:${bound}/`;
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return "another program listens there; choose another port with --port";
  if (code === "EACCES") return "this port needs more rights; choose one from 1024 with --port";
  return message;
}

function nameOf(host: string): string {
  if (isLoopback(host) || host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function greeting(server: FastifyInstance, url: string): string {
  const { host } = server.context.settings;
  const lines = [
    server.hasSite
      ? `Spoken Digits is at ${url}  (Ctrl+C ends it)`
      : `The API of Spoken Digits is at ${url}  (Ctrl+C ends it). There is no page to serve: npm run build:site builds it.`,
    `To try the API: ${url}docs`,
  ];
  if (server.healthPort !== null) {
    lines.push(`Health alone is at http://${nameOf(host)}:${server.healthPort}/healthz`);
  }
  if (!isLoopback(host)) {
    lines.push("Other devices get no microphone over plain http: browsers ask for https, or localhost.");
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Waits until the process is told to end, by SIGTERM or Ctrl-C. After that either ends it at once.
 *
 * @returns Which it was.
 */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
      resolve(signal);
    };
    process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  });
}

/**
 * Opens a page where there is a desktop to open it on.
 *
 * @param url Its address, which should have been printed for all others.
 */
function openBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  const hasDesktop =
    process.platform === "win32" || process.platform === "darwin" || DISPLAY || WAYLAND_DISPLAY;
  if (!hasDesktop || CI) return;
  const [command, ...rest] = openCommand(url);
  const child = spawn(command, rest, { stdio: "ignore", detached: true });
  child.on("error", () => process.stdout.write("Open that address in a browser.\n"));
  child.unref();
}

function openCommand(url: string): [string, ...string[]] {
  if (process.platform === "win32") return ["cmd", "/c", "start", "", url];
  return process.platform === "darwin" ? ["open", url] : ["xdg-open", url];
}
