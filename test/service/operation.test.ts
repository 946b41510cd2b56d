import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { loadClassifier } from "../../src/load-models.ts";
import type { SettingTexts } from "../../src/server/settings.ts";
import { failureOf, longRecording, ROOT, type Service, sample, startService } from "./service-fixture.ts";

const open: Service[] = [];

async function start(...args: Parameters<typeof startService>): Promise<Service> {
  const service = await startService(...args);
  open.push(service);
  return service;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

describe("a server with the default settings", () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test("is alive and ready", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      expect(await (await service.ask(path)).json(), path).toEqual({ status: "ok" });
    }
  });

  test("says what its model is and how accurate it was measured to be", async () => {
    const classifier = await loadClassifier();
    await classifier.release();
    const { training: _, ...info } = classifier.info;
    expect(await (await service.ask("/api/model")).json()).toEqual({ ...info, version: packageJson.version });
  });

  test("counts requests, their time, what waits and what was refused", async () => {
    await service.classify(sample(7));
    await service.classify(new Uint8Array());
    await service.ask("/no/such/address/with/a/secret");
    const response = await service.ask("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain");
    const text = await response.text();
    for (const line of [
      'spoken_digits_requests_total{route="/api/classify",method="POST",status="200"} 1',
      'spoken_digits_requests_total{route="/api/classify",method="POST",status="400"} 1',
      'spoken_digits_requests_total{route="(none)",method="GET",status="404"} 1',
      'spoken_digits_request_seconds_count{route="/api/classify"} 2',
      'spoken_digits_rejected_total{code="audio-empty"} 1',
      "spoken_digits_queue_length 0",
      "spoken_digits_running 0",
      "spoken_digits_workers 1",
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).not.toContain("secret");
  });

  test.each([
    ["GET", "/nothing"],
    ["POST", "/healthz/"],
    ["GET", "/../../etc/passwd"],
  ])("has nothing at %s %s", async (method, path) => {
    expect(await failureOf(await service.ask(path, { method }))).toBe("request-not-found");
  });

  test.each([
    ["GET", "/api/classify", "POST"],
    ["DELETE", "/api/model", "GET, HEAD"],
    ["PUT", "/api/transcribe?a=b", "POST"],
  ])("says which methods it takes at %s %s", async (method, path, allowed) => {
    const response = await service.ask(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allowed);
    expect(await failureOf(response)).toBe("request-method");
  });

  test("describes its routes in an OpenAPI document", async () => {
    const document = (await (await service.ask("/docs/json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { requestBody?: { content: object } }>>;
    };
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths).sort()).toEqual([
      "/api/classify",
      "/api/model",
      "/api/transcribe",
      "/healthz",
      "/metrics",
      "/models/spoken-digits",
      "/readyz",
      "/v1/audio/transcriptions",
    ]);
    expect(Object.keys(document.paths["/api/classify"]!.post!.requestBody!.content)).toEqual([
      "multipart/form-data",
      "application/octet-stream",
    ]);
  });

  test("sends security headers with every answer, and none for other origins", async () => {
    for (const path of ["/healthz", "/nothing", "/docs"]) {
      const { headers } = await service.ask(path, { headers: { origin: "https://example.org" } });
      expect(headers.get("content-security-policy"), path).toContain("default-src 'none'");
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("x-frame-options"), path).toBe("DENY");
      expect(headers.get("permissions-policy"), path).toContain("microphone=(self)");
      expect(headers.get("access-control-allow-origin"), path).toBeNull();
    }
  });
});

describe("pages of other origins", () => {
  const origin = "https://example.org";

  test("may ask where the setting says so, with their token", async () => {
    const service = await start({ corsOrigins: origin, token: "0123456789abcdef" });
    const preflight = await service.ask("/api/classify", {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
    const headers = { origin, authorization: "Bearer 0123456789abcdef" };
    const allowed = await service.ask("/api/model", { headers });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(origin);
  });

  test("may not where it names others", async () => {
    const service = await start({ corsOrigins: origin });
    const response = await service.ask("/api/model", { headers: { origin: "https://example.com" } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a token", () => {
  const token = "correct-horse-battery";
  let service: Service;
  beforeAll(async () => {
    service = await startService({ token });
  });
  afterAll(() => service.close());

  test.each([undefined, "Bearer", "Bearer wrong", `bearer${token}`, `Basic ${token}`, `Bearer ${token}x`])(
    "is asked for: %s is refused",
    async (authorization) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const path of ["/api/model", "/metrics"]) {
        const response = await service.ask(path, { headers });
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
        expect(await failureOf(response)).toBe("request-unauthorised");
      }
      expect((await service.ask("/healthz")).status).toBe(200);
    },
  );

  test("opens the API", async () => {
    const headers = { authorization: `Bearer ${token}` };
    const body = new Blob([new Uint8Array(sample(7))]);
    const response = await service.ask("/api/classify", { method: "POST", headers, body });
    expect(response.status).toBe(200);
  });

  test("does not save those who try tokens from the limit of requests", async () => {
    const limited = await start({ token, rateLimit: "2" });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await limited.ask("/api/model")).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });
});

describe("a server that is told to stop", () => {
  test("finishes what is under way, refuses what is new and is ready no more", async () => {
    const service = await start({ answerTimeoutMs: "100000" });
    const { pool, lifecycle } = service.server.context;
    const underWay = service.classify(longRecording(), "?denoise=true");
    await vi.waitFor(() => expect(pool.running).toBe(1), { timeout: 30_000, interval: 1 });
    lifecycle.stop();
    expect(await failureOf(await service.ask("/readyz"))).toBe("service-stopping");
    expect((await service.ask("/healthz")).status).toBe(200);
    const refused = await service.classify(sample(7));
    expect(refused.headers.get("connection")).toBe("close");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await failureOf(refused)).toBe("service-stopping");
    expect(await lifecycle.idle(0)).toBe(false);
    const answer = await underWay;
    expect(answer.status).toBe(200);
    expect(answer.headers.get("connection")).toBe("close");
    expect(await lifecycle.idle(10_000)).toBe(true);
  });
});

describe("a server whose only process is lost", () => {
  test("is not ready until the process can be started again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spoken-digits-service-"));
    const model = join(folder, "model.onnx");
    const putModel = () => copyFileSync(`${ROOT}models/compact.onnx`, model);
    putModel();
    const service = await start({ model });
    rmSync(model);
    execFileSync("pkill", ["-KILL", "-P", String(process.pid), "-f", "classifier-worker"]);
    const refused = await vi.waitFor(
      async () => {
        const response = await service.ask("/readyz");
        expect(response.status).toBe(503);
        return response;
      },
      { timeout: 60_000 },
    );
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await failureOf(refused)).toBe("service-busy");
    putModel();
    await vi.waitFor(async () => expect((await service.ask("/readyz")).status).toBe(200), {
      timeout: 60_000,
    });
    rmSync(folder, { recursive: true });
  });
});

describe("something unforeseen", () => {
  test("is answered without its message or a stack, and logged", async () => {
    const service = await start({}, (server) => {
      server.get("/fault", () => {
        throw new Error("a secret");
      });
    });
    const response = await service.ask("/fault");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      code: "service-fault",
      message: "something unforeseen went wrong in the server",
    });
  });
});

describe("the log", () => {
  test.each<SettingTexts>([{ logLevel: "info" }, { logLevel: "debug" }])(
    "with %o holds neither names of uploads nor what is in them",
    async (settings) => {
      const lines: string[] = [];
      const write = vi.spyOn(process.stderr, "write").mockImplementation((piece) => {
        lines.push(String(piece));
        return true;
      });
      const service = await start(settings);
      await service.classify([sample(7), sample(8)], "?top=2");
      await service.classify(new TextEncoder().encode("my secret text"));
      await service.close();
      write.mockRestore();
      const log = lines.join("");
      expect(log).not.toContain("secret");
      expect(log.includes('"route":"/api/classify"')).toBe(settings.logLevel === "debug");
      for (const line of log.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
    },
  );
});
