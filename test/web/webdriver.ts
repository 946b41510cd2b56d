// Browsers other than Chromium, spoken to by the protocols that they have themselves: WebDriver for WebKitGTK's
// MiniBrowser under Xvfb, WebDriver BiDi for Firefox.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import WebSocket from "ws";

/** A browser with one page. */
export type OtherBrowser = {
  /** Opens an address. */
  goTo(url: string): Promise<void>;
  /**
   * Runs the body of an async function in the page.
   *
   * @param body May use `await` and `return`; what it returns has to be plain data.
   */
  run<Result>(body: string): Promise<Result>;
  /** Clicks as a person does: browsers lend the microphone and let sound begin only then. */
  click(selector: string): Promise<void>;
  close(): Promise<void>;
};

const WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver";
const XVFB = "/usr/bin/Xvfb";
const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => existsSync(path));
const miniBrowser = findMiniBrowser();

/** The browsers that are installed here, by name; null for those that are not. */
export const OTHER_BROWSERS: Record<string, (() => Promise<OtherBrowser>) | null> = {
  WebKit: miniBrowser && existsSync(WEBKIT_DRIVER) && existsSync(XVFB) ? startWebKit : null,
  Firefox: FIREFOX ? startFirefox : null,
};

/** Distributions put it into a folder `webkit2gtk-...`, below the libraries of the machine's kind. */
function findMiniBrowser(): string | undefined {
  const inside = (folder: string) => readdirSync(folder).map((name) => join(folder, name));
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec"]
    .filter((folder) => existsSync(folder))
    .flatMap(inside)
    .filter((path) => /\/webkit[^/]*$/.test(path))
    .map((path) => join(path, "MiniBrowser"))
    .find((path) => existsSync(path));
}

async function startWebKit(): Promise<OtherBrowser> {
  return startWebKitOn(70 + (process.pid % 900), 17_000 + (process.pid % 1000));
}

async function startWebKitOn(display: number, port: number): Promise<OtherBrowser> {
  const screen = spawn(XVFB, [`:${display}`, "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
  const env = { ...process.env, DISPLAY: `:${display}`, WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  const driver = spawn(WEBKIT_DRIVER, ["--host=127.0.0.1", `--port=${port}`], { env });
  const at = `http://127.0.0.1:${port}/session`;
  const options = { binary: miniBrowser, args: ["--automation"] };
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
  const { sessionId } = await untilUp(() => ask<{ sessionId: string }>(at, { capabilities }));
  const session = `${at}/${sessionId}`;
  await ask(`${session}/timeouts`, { script: 280_000, pageLoad: 120_000 });
  return {
    goTo: (url) => ask(`${session}/url`, { url }),
    run: (body) => ask(`${session}/execute/async`, { script: asCallback(body), args: [] }),
    click: async (selector) => {
      const found = await ask<Record<string, string>>(`${session}/element`, {
        using: "css selector",
        value: selector,
      });
      await ask(`${session}/element/${Object.values(found)[0]}/click`, {});
    },
    close: async () => {
      await fetch(session, { method: "DELETE" }).catch(() => undefined);
      await Promise.all([ended(driver), ended(screen)]);
    },
  };
}

/** WebDriver calls back; what was thrown comes back as an error. */
function asCallback(body: string): string {
  return `const done = arguments[arguments.length - 1];
    (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
}

async function ask<Result>(url: string, body: unknown): Promise<Result> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value).slice(0, 500)}`);
  const outcome = value as { value?: Result; error?: string } | null;
  if (outcome?.error) throw new Error(outcome.error);
  return (url.endsWith("/execute/async") ? outcome?.value : value) as Result;
}

/** A sound server without a device, for Firefox, whose audio runs only where there is one. Null where none is installed. */
function startSoundServer(folder: string): { child: ChildProcess; address: string } | null {
  const program = (process.env.PATH ?? "").split(":").map((path) => join(path, "pulseaudio"));
  const found = program.find((path) => existsSync(path));
  if (!found) return null;
  const socket = join(folder, "sound");
  const modules = ["module-null-sink", `module-native-protocol-unix auth-anonymous=1 socket=${socket}`];
  const args = ["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"];
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
  const child = spawn(found, [...args, ...modules.flatMap((name) => ["-L", name])], { env, stdio: "ignore" });
  return { child, address: `unix:${socket}` };
}

// The sound server is reached without the helper process that real devices have.
const SOUND = { "media.cubeb.sandbox": false };

async function startFirefox(): Promise<OtherBrowser> {
  const profile = mkdtempSync(join(tmpdir(), "spoken-digits-firefox-"));
  const settings = { "media.navigator.permission.disabled": true, "media.autoplay.default": 0, ...SOUND };
  const lines = Object.entries(settings).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  const sound = startSoundServer(profile);
  const env = { ...process.env, HOME: profile, ...(sound && { PULSE_SERVER: sound.address }) };
  const browser = spawn(FIREFOX!, args, { env });
  const socket = await connected(`${await addressOf(browser)}/session`);
  const send = commands(socket);
  await send("session.new", { capabilities: {} });
  const { contexts } = await send<{ contexts: { context: string }[] }>("browsingContext.getTree", {});
  const { context } = contexts[0]!;
  const run = async (body: string) => {
    const expression = `(async () => JSON.stringify(await (async () => { ${body} })()))()`;
    const answer = await send<{ result?: { value?: string }; exceptionDetails?: { text: string } }>(
      "script.evaluate",
      { expression, target: { context }, awaitPromise: true, userActivation: true },
    );
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.text);
    return answer.result?.value === undefined ? undefined : JSON.parse(answer.result.value);
  };
  return {
    goTo: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    run,
    click: (selector) => run(`document.querySelector(${JSON.stringify(selector)}).click();`),
    close: async () => {
      socket.close();
      await ended(browser);
      if (sound) await ended(sound.child);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function addressOf(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    browser.stderr!.on("data", (chunk) => {
      text += chunk;
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(text)?.[1];
      if (address) resolve(address);
    });
    browser.once("exit", () => reject(new Error(`Firefox ended: ${text.slice(-500)}`)));
  });
}

function connected(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}

function commands(socket: WebSocket) {
  const waiting = new Map<number, (message: { type: string; result?: unknown; message?: string }) => void>();
  socket.on("message", (data) => {
    const message = JSON.parse(String(data));
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let lastId = 0;
  return <Result>(method: string, params: unknown): Promise<Result> =>
    new Promise((resolve, reject) => {
      lastId++;
      waiting.set(lastId, ({ type, result, message }) =>
        type === "success" ? resolve(result as Result) : reject(new Error(`${method}: ${message}`)),
      );
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
}

async function untilUp<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > 100 || !(error instanceof TypeError)) throw error; // fetch throws those while nobody listens
      await wait(100);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await Promise.race([exit, wait(5000).then(() => child.kill("SIGKILL"))]);
}
