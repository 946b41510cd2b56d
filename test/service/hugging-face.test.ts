import { InferenceClient } from "@huggingface/inference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, libraryAnswer, type Service, sample, startService } from "./service-fixture.ts";

const TOKEN = "hf-like-token-0123456789";

let service: Service;

beforeAll(async () => {
  service = await startService({ token: TOKEN });
});
afterAll(() => service.close());

describe("@huggingface/inference, unmodified", () => {
  const client = () =>
    new InferenceClient(TOKEN, { endpointUrl: `${service.url}/models/spoken-digits`, retry_on_error: false });

  test("gets labels and scores, the likeliest first", async () => {
    for (const digit of [0, 7]) {
      const labels = await client().audioClassification({ data: new Blob([new Uint8Array(sample(digit))]) });
      expect(labels).toHaveLength(5);
      const { probs, noneProb } = await libraryAnswer(sample(digit));
      expect(labels[0]!.score).toBe(Math.max(...probs, noneProb));
      expect(labels[0]!.label).toBe(
        labels[0]!.score === noneProb ? "none" : String(probs.indexOf(labels[0]!.score)),
      );
      expect(labels.map(({ score }) => score)).toEqual(
        labels.map(({ score }) => score).sort((a, b) => b - a),
      );
    }
  });

  test("is told what is wrong with a file", async () => {
    const asked = client().audioClassification({ data: new Blob(["no audio at all"]) });
    await expect(asked).rejects.toThrow(/no audio format known here/);
  });

  test("is refused without the token", async () => {
    const endpointUrl = `${service.url}/models/spoken-digits`;
    const asked = new InferenceClient("wrong", { endpointUrl, retry_on_error: false }).audioClassification({
      data: new Blob([new Uint8Array(sample(1))]),
    });
    await expect(asked).rejects.toThrow(/Authorization: Bearer/);
  });
});

describe("POST /models/spoken-digits", () => {
  test("answers as /api/classify does", async () => {
    const [classified, labelled] = await Promise.all([
      post("/api/classify", new Uint8Array(sample(3))),
      post("/models/spoken-digits", jsonOf(sample(3), { top_k: 11 }), "application/json"),
    ]);
    const { probs, noneProb } = (await classified.json()) as { probs: number[]; noneProb: number };
    const labels = (await labelled.json()) as { label: string; score: number }[];
    const scores = new Map(labels.map(({ label, score }) => [label, score]));
    expect(scores.get("none")).toBe(noneProb);
    expect(probs).toEqual(Array.from({ length: 10 }, (_, digit) => scores.get(String(digit))));
  });

  test("takes base64 within JSON, and as many labels as top_k says", async () => {
    for (const top_k of [1, 3, 11]) {
      const response = await post("/models/spoken-digits", jsonOf(sample(7), { top_k }), "application/json");
      expect(await response.json()).toHaveLength(top_k);
    }
    const plain = await post("/models/spoken-digits", jsonOf(sample(7)), "application/json");
    expect(await plain.json()).toHaveLength(5);
  });

  test.each([
    ["what is no JSON", "{", "request-malformed"],
    ["JSON without inputs", "{}", "invalid-argument"],
    ["JSON that is no object", "7", "invalid-argument"],
    ["top_k of 0", jsonOf(sample(1), { top_k: 0 }), "invalid-argument"],
    [
      "scores that are no probabilities",
      jsonOf(sample(1), { function_to_apply: "sigmoid" }),
      "invalid-argument",
    ],
    ["inputs that are no audio", JSON.stringify({ inputs: "aGVsbG8=" }), "audio-unrecognised"],
  ])("refuses %s", async (_name, body, expected) => {
    expect(await failureOf(await post("/models/spoken-digits", body, "application/json"))).toBe(expected);
  });

  function post(path: string, body: string | Uint8Array<ArrayBuffer>, type = "audio/wav"): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": type };
    return service.ask(path, { method: "POST", body, headers });
  }
});

function jsonOf(bytes: Uint8Array, parameters?: object): string {
  return JSON.stringify({ inputs: Buffer.from(bytes).toString("base64"), parameters });
}
