import { downloadFile } from "@huggingface/hub";
import { afterEach, describe, expect, it } from "vitest";
import {
  GOOD_TOKEN,
  type HubFixture,
  type HubFixtureOptions,
  READ_TOKEN,
  serveHub,
} from "../../test/support/hub-server.ts";
import { createRandom } from "../random.ts";
import type { HubFile } from "./hub-files.ts";
import { type UploadModelOptions, uploadModel } from "./upload-model.ts";

const random = createRandom(1);
const files: HubFile[] = [
  // Several chunks, part of it as compressible as weights are not.
  {
    path: "onnx/model.onnx",
    content: Uint8Array.from({ length: 700_000 }, (_, i) => (i < 500_000 ? random.integer(0, 256) : i % 7)),
  },
  { path: "config.json", content: new TextEncoder().encode('{"a": 1}\n') },
  { path: "README.md", content: new TextEncoder().encode("# ä card\n") },
];
const repo = "ann/digits";

let hub: HubFixture;
afterEach(() => hub.close());

async function start(options: Partial<HubFixtureOptions> = {}): Promise<void> {
  hub = await serveHub({ transfer: "xet", ...options });
}

const upload = (options: Partial<UploadModelOptions> = {}) =>
  uploadModel(files, { repo, token: GOOD_TOKEN, hubUrl: hub.url, ...options });

async function contentOf(path: string): Promise<Uint8Array> {
  const blob = await downloadFile({ repo, path, hubUrl: hub.url, accessToken: GOOD_TOKEN });
  return new Uint8Array(await blob!.arrayBuffer());
}

describe("uploadModel", () => {
  it.each(["xet", "basic"] as const)("by %s, brings every byte into the repository", async (transfer) => {
    await start({ transfer });
    const { url, commitUrl } = await upload({ title: "First" });
    expect(url).toBe(`${hub.url}/${repo}`);
    expect(commitUrl).toBe(`${hub.url}/${repo}/commit/c0ffee`);
    expect(hub.repositories.get(repo)!.commits).toEqual(["First"]);
    expect([...hub.repositories.get(repo)!.largeFiles.keys()]).toEqual(["onnx/model.onnx"]);
    const used = (part: string) => hub.requests.some((request) => request.includes(part));
    expect({ xet: used("/cas/v1/xorbs"), basic: used("PUT /lfs/") }).toEqual({
      xet: transfer === "xet",
      basic: transfer === "basic",
    });
    for (const { path, content } of files) {
      expect(Buffer.compare(await contentOf(path), content), path).toBe(0);
    }
  });

  it("makes the repository once, for its owner alone where asked", async () => {
    await start();
    await upload({ private: true });
    await upload();
    expect(hub.requests.filter((request) => request.includes("/api/repos/create"))).toHaveLength(1);
    expect(hub.repositories.get(repo)).toMatchObject({
      visibility: "private",
      commits: ["Upload model", "Upload model"],
    });
  });

  it("goes on when somebody else has just made the repository", async () => {
    await start({
      intercept: (request, response) => {
        if (request.method !== "GET" || !request.url?.startsWith("/api/models/")) return false;
        response.writeHead(404).end();
        return true;
      },
    });
    await upload();
    await upload();
    expect(hub.repositories.get(repo)!.commits).toHaveLength(2);
  });

  it.each([
    ["no token", undefined],
    ["an empty one", ""],
    ["something else", "secret"],
  ])("with %s, says where to get one and asks nobody", async (_title, token) => {
    await start();
    await expect(upload({ token })).rejects.toMatchObject({
      code: "hub-token",
      message: expect.stringContaining("HF_TOKEN"),
    });
    expect(hub.requests).toEqual([]);
  });

  it.each([
    ["that nobody knows", "hf_unknown", "Invalid username or password."],
    ["that may not write", READ_TOKEN, "You need write access"],
  ])("with a token %s, says what the hub answered", async (_title, token, answer) => {
    await start();
    await expect(upload({ token })).rejects.toMatchObject({
      code: "hub-denied",
      message: expect.stringContaining(answer),
    });
    expect(hub.repositories.size).toBe(0);
  });

  it("without a connection, says so", async () => {
    await start();
    await hub.close();
    await expect(upload()).rejects.toMatchObject({
      code: "hub-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("when the connection breaks in the middle, says so and commits nothing", async () => {
    await start({
      intercept: (request) => {
        if (!request.url?.startsWith("/cas/v1/xorbs")) return false;
        request.socket.destroy();
        return true;
      },
    });
    await expect(upload()).rejects.toMatchObject({ code: "hub-unreachable" });
    expect(hub.repositories.get(repo)!.commits).toEqual([]);
  });

  it("does not wait for a silent hub until the end of time", async () => {
    await start({ intercept: () => true });
    await expect(upload({ requestTimeoutMs: 100 })).rejects.toMatchObject({
      code: "hub-unreachable",
      message: expect.stringContaining("did not answer in time"),
    });
  });

  it.each([
    ["an error of the server", 500, '{"error":"out of order"}', "application/json", "out of order"],
    [
      "a page of some proxy",
      200,
      "<html>log in</html>",
      "text/html",
      "something else than the hub's answers",
    ],
  ])("passes %s on", async (_title, status, body, type, message) => {
    await start({
      intercept: (request, response) => {
        if (!request.url?.includes("/preupload/")) return false;
        response.writeHead(status, { "content-type": type }).end(body);
        return true;
      },
    });
    await expect(upload()).rejects.toMatchObject({
      code: "hub-rejected",
      message: expect.stringContaining(message),
    });
  });

  it("ends when it is called off", async () => {
    const controller = new AbortController();
    await start({
      intercept: (request) => {
        if (!request.url?.includes("/preupload/")) return false;
        controller.abort(new Error("called off"));
        return true;
      },
    });
    await expect(upload({ signal: controller.signal })).rejects.toThrow("called off");
  });

  it.each(["digits", "a/b/c", "datasets/ann/digits", "/digits", "ann/", "ann/-x", "ann/a--b", "ann/a b"])(
    "takes %j for no repository",
    async (name) => {
      await start();
      await expect(upload({ repo: name })).rejects.toMatchObject({ code: "invalid-argument" });
      expect(hub.requests).toEqual([]);
    },
  );

  it("rejects a time limit of 0", async () => {
    await start();
    await expect(upload({ requestTimeoutMs: 0 })).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
