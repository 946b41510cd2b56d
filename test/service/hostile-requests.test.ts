// Requests made to keep the server busy or to fill its memory: each kind has a bound and an error of its own.

import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { failureOf, type Service, sample, startService } from "./service-fixture.ts";

const FORM = "multipart/form-data; boundary=b";
const HUGGING_FACE = "/models/spoken-digits";
const OPEN_AI = "/v1/audio/transcriptions";

let service: Service;
const sockets: Socket[] = [];
beforeAll(async () => {
  service = await startService({ maxBodyBytes: "1000000" });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  expect(service.server.context.uploads.heldBytes).toBe(0);
});
afterAll(() => service.close());

/** Posts a body. @returns Code and message. */
async function post(path: string, type: string, body: string): Promise<{ code: string; message: string }> {
  const response = await service.ask(path, { method: "POST", body, headers: { "content-type": type } });
  return (await response.json()) as { code: string; message: string };
}

describe("JSON", () => {
  test.each([
    ["arrays in arrays", `{"inputs":"","parameters":${"[".repeat(400_000)}`, "nested more than"],
    ["objects in objects", `{"inputs":"","x":${'{"a":'.repeat(150_000)}`, "nested more than"],
    [
      "many members",
      `{"inputs":"",${Array.from({ length: 1000 }, (_, i) => `"k${i}":1`)}}`,
      "more than 64 members",
    ],
    ["an escape at its end", '{"inputs":"\\', "JSON"],
  ])("with %s is refused by name", async (_name, body, message) => {
    expect(await post(HUGGING_FACE, "application/json", body)).toEqual({
      code: "request-malformed",
      message: expect.stringContaining(message),
    });
  });

  test("with base64 that is none is no audio", async () => {
    for (const inputs of ["!".repeat(900_000), "\\u0041".repeat(150_000), "data:audio/wav;base64,", "===="])
      expect((await post(HUGGING_FACE, "application/json", `{"inputs":"${inputs}"}`)).code).toMatch(
        /^audio-/,
      );
  });

  test("of a voice is bounded, whatever type its part says", async () => {
    for (const type of ["", "Content-Type: application/json\r\n"]) {
      for (const value of ["[".repeat(300_000), `"${"x".repeat(300_000)}"`, "[1]"]) {
        const voice = `{"format":"spoken-digits-voice","version":${value}}`;
        const part = `--b\r\nContent-Disposition: form-data; name="voice"\r\n${type}\r\n${voice}\r\n`;
        const { code, message } = await post("/api/classify", FORM, `${part}--b--\r\n`);
        expect(code).toBe("voice-format");
        expect(message.length).toBeLessThan(200);
      }
    }
  });
});

describe("forms", () => {
  const file = (more = "") =>
    `--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n${more}\r\nx\r\n`;
  const field = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nx\r\n`;

  test.each<[name: string, path: string, body: string, code: string, message: string]>([
    ["many files", "/api/classify", file().repeat(5000), "request-too-large", "--max-files"],
    ["many fields", "/api/classify", field("voice").repeat(5000), "request-too-large", "more fields"],
    ["many known fields", OPEN_AI, field("model").repeat(5000), "request-too-large", "more fields"],
    [
      "many nameless parts",
      "/api/classify",
      "--b\r\n\r\nx\r\n".repeat(5000),
      "request-too-large",
      "more parts",
    ],
    ["a field of a long name", OPEN_AI, field("n".repeat(5000)), "request-malformed", "..., unknown here"],
    [
      "a field of the prototype's",
      "/api/classify",
      field("__proto__"),
      "request-malformed",
      "neither a file",
    ],
    ["a long value for a choice", OPEN_AI, formatOf("x".repeat(900_000)), "invalid-argument", "..."],
    [
      "a header that is longer than all",
      "/api/classify",
      file(`X: ${"x".repeat(2e6)}\r\n`),
      "request-too-large",
      "bytes",
    ],
    [
      "bytes before its parts",
      "/api/classify",
      `${"x".repeat(2e6)}\r\n${file()}`,
      "request-too-large",
      "bytes",
    ],
    [
      "bytes after its parts",
      "/api/classify",
      `${file()}--b--\r\n${"x".repeat(2e6)}`,
      "request-too-large",
      "bytes",
    ],
    ["no end", "/api/classify", file().slice(0, -20), "request-malformed", "the form cannot be read"],
  ])("with %s", async (_name, path, body, code, message) => {
    const end = body.endsWith("\r\n") ? "--b--\r\n" : "";
    // Announced or not.
    expect(await post(path, FORM, body + end)).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    const answer = await answerTo(inChunks(path, FORM, [body + end]));
    expect(answer).toContain(`"code":"${code}"`);
  });

  test("with headers of parts that are longer than they may be keep their file", async () => {
    const long = file(`X: ${"x".repeat(100_000)}\r\n`.repeat(3));
    expect((await post("/api/classify", FORM, `${long}--b--\r\n`)).code).toMatch(
      /^(audio-|request-malformed)/,
    );
  });

  function formatOf(value: string): string {
    return `--b\r\nContent-Disposition: form-data; name="response_format"\r\n\r\n${value}\r\n`;
  }
});

describe("bodies in pieces of a byte", () => {
  const crumbs = Array.from({ length: 300_000 }, () => "x");

  test.each([
    ["a recording", "/api/classify", "audio/wav"],
    ["JSON", HUGGING_FACE, "application/json"],
    ["a form", "/api/classify", FORM],
  ])("are refused: %s", async (_name, path, type) => {
    const answer = await answerTo(inChunks(path, type, crumbs));
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"request-malformed"[\s\S]*pieces of fewer than/);
  });

  test("are taken where they are few", async () => {
    const bytes = [...Buffer.from(sample(7)).toString("latin1").slice(0, 2000)];
    expect(await answerTo(inChunks("/api/classify", "audio/wav", bytes))).toContain("HTTP/1.1 200 ");
  });
});

describe("a header Host", () => {
  test.each([
    "Host: localhost\r\nHost: evil.example\r\n",
    "Host: localhost\r\nhOST: localhost\r\n",
    "Host: localhost, evil.example\r\n",
    "Host: evil.example@localhost\r\n",
    "Host: localhost:evil\r\n",
    "Host: localhost:123456\r\n",
    "Host: localhost/evil\r\n",
    "Host: local%68ost\r\n",
    "Host: [::1\r\n",
    "Host: [::1]evil.example\r\n",
    "Host: ::1\r\n",
  ])("that is ambiguous is refused: %j", async (header) => {
    expect(await answerTo(`GET /api/model HTTP/1.1\r\n${header}\r\n`)).toMatch(
      /^HTTP\/1.1 400 [\s\S]*"code":"request-malformed"[\s\S]*Host/,
    );
  });

  test.each([
    ["Host: 2130706433", 421],
    ["Host: 0x7f000001", 421],
    ["Host: localhost..", 421],
    ["Host: [::ffff:127.0.0.1]:7860", 200],
    ["Host: [::1].", 400],
  ])("is a name or an address: %s", async (header, status) => {
    expect(await answerTo(`GET /api/model HTTP/1.1\r\n${header}\r\n\r\n`)).toContain(`HTTP/1.1 ${status} `);
  });

  test.each([
    ["localhost", "localhost", 200],
    ["evil.example", "localhost", 400],
    ["localhost", "evil.example", 400],
    ["evil.example", "evil.example", 421],
    ["evil.example@localhost", "localhost", 400],
  ])("has to agree with a whole address: %s, %s", async (authority, host, status) => {
    const request = `GET http://${authority}/api/model HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    expect(await answerTo(request)).toContain(`HTTP/1.1 ${status} `);
  });
});

describe("the end of a body", () => {
  const CHUNKS = "1\r\nx\r\n0\r\n\r\n";

  test.each([
    ["1.1", "Transfer-Encoding: gzip, chunked\r\n"],
    ["1.1", "Transfer-Encoding: chunked, gzip\r\n"],
    ["1.1", "Transfer-Encoding: xchunked\r\n"],
    ["1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"],
    ["1.1", "Transfer-Encoding: \x0bchunked\r\n"],
    ["1.1", "Transfer-Encoding : chunked\r\n"],
    ["1.1", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n"],
    ["1.1", "Content-Length: 6\r\nContent-Length: 7\r\n"],
    ["1.1", "Content-Length: +6\r\n"],
    ["1.0", "Transfer-Encoding: chunked\r\n"],
  ])(
    "that others may see elsewhere is refused, and the connection closed: %s %j",
    async (version, headers) => {
      const request = `POST /api/classify HTTP/${version}\r\nHost: localhost\r\n${headers}\r\n${CHUNKS}`;
      const answer = await answerTo(request);
      expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"request-malformed"/);
      expect(answer).toMatch(/connection: close/i);
    },
  );

  test("is taken in capitals too", async () => {
    const request = `POST /api/classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: CHUNKED\r\n\r\n${CHUNKS}`;
    expect(await answerTo(request)).toContain('"code":"audio-unrecognised"');
  });
});

test.each([
  ["too many bytes of headers", `X: ${"x".repeat(20_000)}\r\n`, 413],
  ["thousands of headers", "X:\r\n".repeat(4000), 200],
  ["a chunk of 2^64 bytes", "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", 400],
])("%s", async (_name, headers, status) => {
  const target = headers.startsWith("Transfer") ? "POST /api/classify" : "GET /api/model";
  const request = `${target} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
  expect(await answerTo(request)).toContain(`HTTP/1.1 ${status} `);
});

function inChunks(path: string, type: string, pieces: readonly string[]): string {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
  return `${head}${chunks.join("")}0\r\n\r\n`;
}

/** The first answer to what is sent over a socket. */
async function answerTo(request: string): Promise<string> {
  const socket = connect(service.port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket
    .on("error", () => undefined)
    .setEncoding("latin1")
    .on("data", (piece: string) => {
      text += piece;
    });
  socket.write(request, "latin1");
  await vi.waitFor(() => expect(text).toMatch(/\r\n\r\n[\s\S]*\}$/), { timeout: 60_000, interval: 20 });
  return text;
}
