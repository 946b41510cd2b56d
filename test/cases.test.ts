// Odd recordings of SPOKEN_DIGITS_DATA/../cases by every door: each row of cases.tsv says what has to come out.

import { readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { InferenceClient } from "@huggingface/inference";
import { OpenAI } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../src/client/index.ts";
import { classifyRecording, transcribeRecording } from "../src/index.ts";
import { linesOf } from "./batch/batch-fixture.ts";
import { blobOf, formOf, type Service, startService } from "./service/service-fixture.ts";
import { makeCliFolder, runCli } from "./support/run-cli.ts";

const DATA = process.env.SPOKEN_DIGITS_DATA;
const CASES = join(DATA ?? "", "../cases");

const TABLE = DATA ? readFileSync(join(CASES, "cases.tsv"), "utf8").trim().split("\n").slice(1) : [];
const ROWS = TABLE.map((line) => line.split("\t") as [string, string, string]);
const FILES = [...new Set(ROWS.map(([file]) => file))];
const bytesOf = (file: string) => new Uint8Array(readFileSync(join(CASES, file)));

/** What all doors of one kind have to say of a file: a digit, a string, or the code of an error. */
function expected(file: string, kind: "digit" | "string"): string {
  const answers = ROWS.filter(([name]) => name === file).map(([, , answer]) => answer);
  if (answers.includes("typed error")) return "audio-unsupported";
  const digits = answers.find((answer) => /^\d+$/.test(answer))!;
  return kind === "digit" && digits.length > 1 ? `several: ${digits}` : digits;
}

/** What a door says, as JSON. */
type Answer = {
  digit?: number | null;
  string?: string | null;
  digits?: string;
  code?: string;
  error?: string | { code: string };
};

function told({ digit, string, digits, code, error }: Answer): string {
  const failure = code ?? (typeof error === "object" ? error.code : error);
  if (failure) return failure;
  return digits ?? (string ? `several: ${string}` : String(digit));
}

/** What a door says of each file. */
type Door = () => Promise<Map<string, string>>;

function oneByOne(ask: (bytes: Uint8Array) => Promise<Answer>): Door {
  return async () => {
    const answers = new Map<string, string>();
    for (const file of FILES) answers.set(file, told(await ask(bytesOf(file)).catch((error) => error)));
    return answers;
  };
}

describe.skipIf(!DATA)("every case, by every door", () => {
  let folder = "";
  let service: Service;
  beforeAll(async () => {
    folder = makeCliFolder();
    service = await startService();
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const paths = FILES.map((file) => join(CASES, file));
  const ofLines = (lines: readonly string[]) => {
    const answers = lines.map((line) => JSON.parse(line) as Answer & { file: string });
    return new Map(answers.map((answer) => [basename(answer.file), told(answer)]));
  };
  const command = (...args: string[]): Door => {
    return async () => {
      const { stdout } = await runCli([...args], { cwd: folder });
      return ofLines(stdout.trimEnd().split("\n"));
    };
  };
  const batch = (task: string): Door => {
    return async () => {
      const out = join(folder, `${task}.jsonl`);
      await runCli(["batch", CASES, "--task", task, "--out", out, "--workers", "1"], { cwd: folder });
      return ofLines(linesOf(out));
    };
  };
  const post = async (path: string, body: Blob | FormData | string, headers = {}) =>
    service.ask(path, { method: "POST", body, headers });
  const body = (path: string) =>
    oneByOne(async (bytes) => (await post(path, blobOf(bytes))).json() as Promise<Answer>);
  const form = (path: string): Door => {
    return async () => {
      const answers = (await (await post(path, formOf(FILES.map(bytesOf)))).json()) as Answer[];
      return new Map(FILES.map((file, i) => [file, told(answers[i]!)]));
    };
  };
  const client = () => createClient({ url: service.url });
  const openAi = () => new OpenAI({ apiKey: "any", baseURL: `${service.url}/v1`, maxRetries: 0 });

  const ONE_DIGIT: Record<string, Door> = {
    "the library": oneByOne((bytes) => classifyRecording(bytes)),
    "predict FILES": command("predict", "--json", ...paths),
    "predict FOLDER": command("predict", "--json", CASES),
    "batch FOLDER": batch("digit"),
    "/api/classify": body("/api/classify"),
    "/api/classify, a form": form("/api/classify"),
    "the client": oneByOne((bytes) => client().classify(bytes)),
    "/models/spoken-digits": oneByOne(async (bytes) => {
      const inputs = `data:audio/wav;base64,${Buffer.from(bytes).toString("base64")}`;
      const headers = { "content-type": "application/json" };
      const response = await post("/models/spoken-digits", JSON.stringify({ inputs }), headers);
      const string = response.headers.get("x-several-digits");
      const reply = (await response.json()) as { label: string }[] & { code: string };
      return { code: reply.code, string, digit: Number(reply[0]?.label) };
    }),
  };
  const STRINGS: Record<string, Door> = {
    "the library": oneByOne((bytes) => transcribeRecording(bytes)),
    "transcribe FILES": command("transcribe", "--json", ...paths),
    "transcribe FOLDER": command("transcribe", "--json", CASES),
    "batch --task number FOLDER": batch("number"),
    "/api/transcribe": body("/api/transcribe"),
    "/api/transcribe, a form": form("/api/transcribe"),
    "the client": oneByOne((bytes) => client().transcribe(bytes)),
    "/v1/audio/transcriptions": oneByOne(async (bytes) => {
      const file = new File([new Uint8Array(bytes)], "recording");
      return openAi()
        .audio.transcriptions.create({ file, model: "any" })
        .then(
          ({ text }) => ({ digits: text }),
          ({ code, status }) => ({ code: code ?? String(status) }),
        );
    }),
  };

  const check = async (door: Door, kind: "digit" | "string") => {
    const answers = await door();
    const rows = FILES.map((file) => [file, answers.get(file)]);
    expect(rows).toEqual(FILES.map((file) => [file, expected(file, kind)]));
  };
  test.each(Object.entries(ONE_DIGIT))("one digit: %s", (_, door) => check(door, "digit"));
  test.each(Object.entries(STRINGS))("several digits: %s", (_, door) => check(door, "string"));

  test("the client of Hugging Face, unmodified", async () => {
    const endpointUrl = `${service.url}/models/spoken-digits`;
    const theirs = new InferenceClient("any", { endpointUrl, retry_on_error: false });
    for (const file of FILES.filter((name) => /^\d$/.test(expected(name, "digit")))) {
      const [first] = await theirs.audioClassification({ data: blobOf(bytesOf(file)) });
      expect([file, first!.label]).toEqual([file, expected(file, "digit")]);
    }
  });
});
