import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { ROOT, sample } from "./service-fixture.ts";

const CLI = join(ROOT, "dist", "cli.js");
const N_CONNECTIONS = 16;

type Answer = { status: number; text: string; code?: string; connection?: string };

let child: ChildProcess | undefined;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts", "build.js")]);
});
afterEach(() => {
  child?.kill("SIGKILL");
});

describe("SIGTERM", () => {
  test("under load: what is under way is answered, nothing is lost, the exit code is 0", async () => {
    // The delay leaves every client the time for one more request, also on a busy machine.
    const { port } = await startProcess({ SPOKEN_DIGITS_STOP_DELAY_MS: "5000", SPOKEN_DIGITS_SITE: "none" });
    const exit = once(child!, "exit");
    const answers: Answer[] = [];
    const clients = Array.from({ length: N_CONNECTIONS }, () => sendUntilRefused(port, answers));
    while (answers.length < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    child!.kill("SIGTERM");
    await Promise.all(clients); // a connection that breaks rejects here
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(N_CONNECTIONS);
    for (const answer of refused)
      expect(answer).toMatchObject({ code: "service-stopping", connection: "close" });
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(answers.length - N_CONNECTIONS);
    expect(await exit).toEqual([0, null]);
  });

  test("while headers come that never end: their connections are closed, the exit code is 0", async () => {
    const { port } = await startProcess({ SPOKEN_DIGITS_SITE: "none" });
    const exit = once(child!, "exit");
    const sockets = Array.from({ length: 200 }, () => dripHeaders(port));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    while (!/spoken_digits_connections 20\d/.test((await ask(port, "GET", "/metrics")).text));
    child!.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    await Promise.all(sockets.map((socket) => socket.closed || once(socket, "close")));
  });

  test("with a half-sent request: it is given up when the time is over, the exit code is 1", async () => {
    const settings = { SPOKEN_DIGITS_STOP_DELAY_MS: "0", SPOKEN_DIGITS_STOP_TIMEOUT_MS: "300" };
    const { port, output } = await startProcess({ ...settings, SPOKEN_DIGITS_SITE: "none" });
    const exit = once(child!, "exit");
    const hanging = request({
      port,
      method: "POST",
      path: "/api/classify",
      headers: { "content-length": "99" },
    });
    const broken = once(hanging, "error");
    hanging.write("RIFF");
    while (!(await ask(port, "GET", "/metrics")).text.includes("spoken_digits_under_way 1\n"));
    child!.kill("SIGTERM");
    await broken;
    expect((await exit)[0]).toBe(1);
    expect(output()).toContain("work under way is given up");
  });
});

describe("Ctrl-C", () => {
  test("ends a server that has nothing to do, with exit code 0", async () => {
    await startProcess({ SPOKEN_DIGITS_SITE: "none" });
    const exit = once(child!, "exit");
    child!.kill("SIGINT");
    expect(await exit).toEqual([0, null]);
  });
});

describe("serve", () => {
  test("says where it is, and that there is no page where there is none", async () => {
    const { output, port } = await startProcess({ SPOKEN_DIGITS_SITE: "none" });
    expect(output()).toContain(`The API of Spoken Digits is at http://localhost:${port}/`);
    expect(output()).toContain("npm run build:site");
    const page = await ask(port, "GET", "/");
    expect(page.status).toBe(404);
    expect(page.text).toContain("npm run build:site");
  });

  test.each([
    [
      "a setting out of range",
      { SPOKEN_DIGITS_MAX_FILES: "0" },
      "SPOKEN_DIGITS_MAX_FILES must be a whole number",
      2,
    ],
    ["a folder without a page", { SPOKEN_DIGITS_SITE: "src" }, "src holds no index.html", 1],
    ["a model that is not there", { SPOKEN_DIGITS_MODEL: "none.onnx" }, "none.onnx: there is none", 1],
    [
      "an address that is not the machine's",
      { SPOKEN_DIGITS_HOST: "192.0.2.1" },
      "cannot listen on 192.0.2.1",
      2,
    ],
  ])("ends with one line for %s", async (_name, environment, message, exitCode) => {
    const process_ = run(environment);
    const [code] = await once(process_.child, "exit");
    expect(code).toBe(exitCode);
    expect(process_.output()).toContain(message);
    expect(process_.output()).toContain("spoken-digits: ");
    expect(process_.output()).not.toContain("    at ");
  });

  test("ends with one line where another program has the port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const process_ = run({ SPOKEN_DIGITS_PORT: String(port), SPOKEN_DIGITS_SITE: "none" });
    const [code] = await once(process_.child, "exit");
    other.close();
    expect(code).toBe(2);
    expect(process_.output()).toContain("another program listens there; choose another port with --port");
  });
});

/** A request whose headers come byte by byte, without an end. */
function dripHeaders(port: number): Socket {
  const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nX: "));
  const timer = setInterval(() => socket.write("x"), 100);
  return socket.on("error", () => undefined).once("close", () => clearInterval(timer));
}

function run(environment: Record<string, string>): { child: ChildProcess; output: () => string } {
  let text = "";
  const env = { ...process.env, SPOKEN_DIGITS_PORT: "0", SPOKEN_DIGITS_WORKERS: "1", ...environment };
  child = spawn(process.execPath, [CLI, "serve"], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
  }
  return { child, output: () => text };
}

async function startProcess(
  environment: Record<string, string>,
): Promise<{ port: number; output: () => string }> {
  const { child: started, output } = run(environment);
  for (;;) {
    const port = /http:\/\/localhost:(\d+)\/docs/.exec(output())?.[1];
    if (port) return { port: Number(port), output };
    if (started.exitCode !== null) throw new Error(`the server ended: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends one request after another over one connection until one is refused. */
async function sendUntilRefused(port: number, answers: Answer[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = sample(answers.length % 10);
  for (;;) {
    const answer = await ask(port, "POST", "/api/classify", { body, agent });
    answers.push(answer);
    if (answer.status !== 200) break;
  }
  agent.destroy();
}

function ask(
  port: number,
  method: string,
  path: string,
  options: { body?: Uint8Array; agent?: Agent } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, method, path, agent: options.agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.once("error", reject);
      response.once("end", () => {
        const { connection, "content-type": type } = response.headers;
        const code = type?.startsWith("application/json") ? JSON.parse(text).code : undefined;
        resolve({ status: response.statusCode!, text, code, connection });
      });
    });
    sent.once("error", reject).end(options.body);
  });
}
