// What a client sees of a server while others do nothing with what they hold. All through real sockets of this machine.

import { connect, type Socket } from "node:net";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { SettingTexts } from "../../src/server/settings.ts";
import { failureOf, type Service, sample, startService } from "./service-fixture.ts";

const SOON = { timeout: 60_000, interval: 50 };
const HEAD = "Host: localhost\r\n";

const open: Service[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((service) => service.close()));
});

/** A service with the usual settings, for tests that leave nothing behind: a start costs a second. */
let usual: Promise<Service> | undefined;
const usualService = () => {
  usual ??= startService();
  return usual;
};
afterAll(async () => (await usual)?.close());

async function start(
  settings: SettingTexts = {},
  prepare?: Parameters<typeof startService>[1],
): Promise<Service> {
  const service = await startService(settings, prepare);
  open.push(service);
  return service;
}

describe("uploads that stand still", () => {
  const LIMITS = { maxHeldBytes: "400000", maxBodyBytes: "300000", maxHeldBytesPerAddress: "400000" };

  test("give their room to those that come, and are told so", async () => {
    const service = await start(LIMITS);
    const { uploads } = service.server.context;
    const stalled = await openSocket(service, uploadOf(300_000, 290_000));
    await vi.waitFor(() => expect(uploads.heldBytes).toBe(290_000), SOON);
    await vi.waitFor(async () => {
      expect(await failureOf(await service.classify(new Uint8Array(200_000)))).not.toBe("service-busy");
    }, SOON);
    expect(await readAll(stalled)).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"request-too-slow"/);
    expect(await metric(service, "upload-silent")).toBe(1);
  });

  test("never keep a small request out", async () => {
    const service = await start({ maxHeldBytes: "4000000", maxBodyBytes: "3000000" });
    const { uploads } = service.server.context;
    await openSocket(service, uploadOf(3_000_000, 2_999_000));
    await vi.waitFor(() => expect(uploads.heldBytes).toBe(2_999_000), SOON);
    expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  });

  test("are counted for each address", async () => {
    const service = await start({ ...LIMITS, maxHeldBytesPerAddress: "100000", trustProxy: "loopback" });
    const ask = (address: string, bytes: Uint8Array) =>
      service.ask("/api/classify", {
        method: "POST",
        body: new Blob([new Uint8Array(bytes)]),
        headers: { "x-forwarded-for": address },
      });
    expect(await failureOf(await ask("192.0.2.1", new Uint8Array(150_000)))).toBe("service-busy");
    expect(await metric(service, "upload-limit")).toBe(1);
    expect(await failureOf(await ask("192.0.2.1", sample(7)))).toBe("answered");
  });

  test("end when they come more slowly than they have to", async () => {
    const service = await start({ minUploadRate: "1000" });
    const slow = await openSocket(service, uploadOf(100_000, 100));
    expect(await readAll(slow)).toMatch(/^HTTP\/1.1 408 [\s\S]*--min-upload-rate/);
    expect(await metric(service, "upload-slow")).toBe(1);
    expect(service.server.context.lifecycle.underWay).toBe(0);
  });

  test("hold nothing at addresses that take none", async () => {
    const service = await start({ maxBodyBytes: "1000" });
    for (const type of ["application/json", "text/plain"]) {
      const body = new Blob([new Uint8Array(500_000)]);
      const response = await service.ask("/nothing", {
        method: "POST",
        body,
        headers: { "content-type": type },
      });
      expect(await failureOf(response)).toBe("request-not-found");
    }
  });
});

describe("connections", () => {
  test("that are silent make way for one that comes", async () => {
    const service = await start({ maxConnections: "4" });
    const silent = await Promise.all(Array.from({ length: 4 }, () => openSocket(service)));
    await vi.waitFor(() => expect(service.server.context.connections.size).toBe(4), SOON);
    await vi.waitFor(async () => {
      expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
    }, SOON);
    await vi.waitFor(() => expect(silent.some(({ destroyed }) => destroyed)).toBe(true), SOON);
    expect(await metric(service, "connection-silent")).toBeGreaterThan(0);
  });

  test("beyond the limit are told so, and may ask after the server's health", async () => {
    const service = await start({ maxConnections: "1" });
    const busy = await openSocket(service);
    // Never silent: a header that goes on and on.
    busy.write(`GET /healthz HTTP/1.1\r\n${HEAD}X: `);
    const timer = setInterval(() => busy.write("x"), 50);
    const answer = await readAll(await openSocket(service, `GET /api/model HTTP/1.1\r\n${HEAD}\r\n`));
    expect(answer).toMatch(/^HTTP\/1.1 503 [\s\S]*"code":"service-busy"[\s\S]*--max-connections/);
    expect(answer).toMatch(/connection: close/i);
    const health = await readAll(await openSocket(service, `GET /healthz HTTP/1.1\r\n${HEAD}\r\n`));
    expect(health).toMatch(/^HTTP\/1.1 200 [\s\S]*"status":"ok"/);
    clearInterval(timer);
    expect(await metric(service, "connection-limit")).toBeGreaterThan(1);
  });

  test("of one address have a limit of their own, believed proxies have none", async () => {
    for (const [trustProxy, dropped] of [
      ["", 1],
      ["loopback", 0],
    ] as const) {
      const service = await start({ maxConnectionsPerAddress: "1", trustProxy });
      await openSocket(service, `GET /healthz HTTP/1.1\r\n${HEAD}X: `);
      await readAll(await openSocket(service, `GET /healthz HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`));
      expect(await metric(service, "address-limit")).toBe(dropped);
    }
  });

  test("whose client does not read are closed", async () => {
    const service = await start({ writeTimeoutMs: "1000" }, (server) => {
      server.get("/large", () => Buffer.alloc(64_000_000));
    });
    const reader = await openSocket(service, `GET /large HTTP/1.1\r\n${HEAD}\r\n`);
    reader.pause();
    await vi.waitFor(async () => expect(await metric(service, "write-timeout")).toBe(1), SOON);
    expect(service.server.context.connections.size).toBe(0);
  });

  test("may not have any number of requests under way", async () => {
    const service = await start({}, (server) => {
      server.get("/never", () => new Promise(() => undefined));
    });
    const request = `GET /never HTTP/1.1\r\n${HEAD}\r\n`;
    await openSocket(service, request.repeat(100));
    await vi.waitFor(async () => expect(await metric(service, "pipelining")).toBeGreaterThan(0), SOON);
    expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  });
});

describe("names", () => {
  test.each(["localhost", "LOCALHOST:7860", "127.0.0.1", "[::1]:80", "a.localhost", "localhost."])(
    "such as %s are this machine's",
    async (name) => {
      expect(await statusFor(await usualService(), `Host: ${name}\r\n`)).toBe(200);
    },
  );

  test.each(["evil.example", "localhost.evil.example", "evil.example:7860", "127.0.0.1.evil.example", ""])(
    "such as %j are not, and get 421, but not for the server's health",
    async (name) => {
      const service = await usualService();
      const before = await metric(service, "foreign-host");
      expect(await statusFor(service, `Host: ${name}\r\n`)).toBe(421);
      expect(await statusFor(service, `Host: ${name}\r\n`, "/healthz")).toBe(200);
      expect(await metric(service, "foreign-host")).toBe(before + 1);
    },
  );

  test("may be given, with all below them, or any", async () => {
    const named = await start({ allowedHosts: "digits.example, .example.org" });
    expect(await statusFor(named, "Host: digits.example\r\n")).toBe(200);
    expect(await statusFor(named, "Host: a.b.example.org\r\n")).toBe(200);
    expect(await statusFor(named, "Host: a.digits.example\r\n")).toBe(421);
    expect(await statusFor(await start({ allowedHosts: "*" }), "Host: evil.example\r\n")).toBe(200);
  });

  test("that are none of it are refused by a code", async () => {
    const { server } = await usualService();
    const reply = await server.inject({ url: "/api/model", headers: { host: "evil.example" } });
    expect(reply.json()).toMatchObject({ code: "request-misdirected" });
  });

  test("are asked for", async () => {
    expect(await statusFor(await usualService(), "")).toBe(400);
  });
});

describe("pages of other origins", () => {
  const post = (service: Service, headers: Record<string, string>) =>
    service.ask("/api/classify", { method: "POST", body: new Blob([new Uint8Array(sample(7))]), headers });

  test.each<[Record<string, string>]>([
    [{ origin: "https://evil.example" }],
    [{ origin: "null" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site", origin: "http://localhost:3000" }],
  ])("may send nothing: %o", async (headers) => {
    const service = await usualService();
    const before = await metric(service, "foreign-page");
    const { port } = service;
    // The client of Node.js sets some of these headers itself.
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST /api/classify HTTP/1.1\r\nHost: localhost:${port}\r\n${lines.join("")}Content-Length: 0\r\n\r\n`;
    expect(await firstAnswer(await openSocket(service, head))).toMatch(
      /^HTTP\/1.1 403 [\s\S]*"code":"request-foreign-page"/,
    );
    expect(await metric(service, "foreign-page")).toBe(before + 1);
  });

  test("may where they are allowed, and the server's own may", async () => {
    const service = await start({ corsOrigins: "https://friend.example" });
    expect(await failureOf(await post(service, { origin: "https://friend.example" }))).toBe("answered");
    expect(await failureOf(await post(service, { origin: service.url }))).toBe("answered");
    expect(await failureOf(await post(service, {}))).toBe("answered");
  });
});

describe("what no route can read", () => {
  test.each([
    ["an address that cannot be decoded", `GET /%ff HTTP/1.1\r\n${HEAD}\r\n`, 400],
    ["an address of another form", `OPTIONS * HTTP/1.1\r\n${HEAD}\r\n`, 404],
    ["a method that nobody knows", `FOO / HTTP/1.1\r\n${HEAD}\r\n`, 400],
    ["a method that no route has", `PROPFIND / HTTP/1.1\r\n${HEAD}\r\n`, 405],
    ["a request to a proxy", `CONNECT example.org:443 HTTP/1.1\r\n${HEAD}\r\n`, 400],
    ["a header with a control character", `GET / HTTP/1.1\r\n${HEAD}A: \u0001\r\n\r\n`, 400],
    ["two lengths", `POST / HTTP/1.1\r\n${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ["an expectation", `GET /nothing HTTP/1.1\r\n${HEAD}Expect: magic\r\n\r\n`, 404],
  ])(
    "%s is answered in the form and with the headers of every other error",
    async (_name, request, status) => {
      const service = await usualService();
      const usualNames = [...(await service.ask("/nothing")).headers.keys()];
      const answer = await firstAnswer(await openSocket(service, request));
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head).toContain(`HTTP/1.1 ${status} `);
      expect(Object.keys(JSON.parse(body) as object)).toEqual(["code", "message"]);
      const names = head.split("\r\n").map((line) => line.split(":")[0]!.toLowerCase());
      const security = usualNames.filter(
        (name) => !["connection", "content-length", "date", "keep-alive"].includes(name),
      );
      expect(names).toEqual(expect.arrayContaining(security));
    },
  );
});

function uploadOf(announced: number, sent: number): string {
  return `POST /api/classify HTTP/1.1\r\n${HEAD}Content-Length: ${announced}\r\n\r\n${"x".repeat(sent)}`;
}

async function statusFor(service: Service, hostHeader: string, path = "/api/model"): Promise<number> {
  const socket = await openSocket(service, `GET ${path} HTTP/1.1\r\n${hostHeader}Connection: close\r\n\r\n`);
  return Number(/^HTTP\/1.1 (\d+)/.exec(await readAll(socket))?.[1]);
}

async function metric(service: Service, reason: string): Promise<number> {
  const text = await service.server.context.metrics.registry.metrics();
  return Number(
    new RegExp(`spoken_digits_dropped_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
  );
}

function openSocket({ port }: Service, text = ""): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.off("error", reject).on("error", () => undefined);
      socket.write(text);
      resolve(socket);
    });
    socket.once("error", reject);
    sockets.push(socket);
  });
}

/** All that comes until the server closes. */
async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return text;
}

/** One answer with a JSON body, whether or not the server closes after it. */
async function firstAnswer(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  await vi.waitFor(() => expect(text).toMatch(/\r\n\r\n\{.*\}$/), SOON);
  return text;
}
