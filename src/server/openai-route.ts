// POST /v1/audio/transcriptions: the route that most speech clients speak
// (https://platform.openai.com/docs/api-reference/audio/createTranscription).

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { shownValue } from "../bounded-json.ts";
import { InvalidArgumentError, RequestError } from "../errors.ts";
import { onlyOutcome } from "./classify-route.ts";
import { Form } from "./request-body.ts";
import { RECORDING_FAILURES } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";
import type { TimedTranscript } from "./worker-protocol.ts";

const FORMATS = ["json", "text", "verbose_json"] as const;
type Format = (typeof FORMATS)[number];

/** Fields of the form that clients send and that change nothing here: there is one model, one language. */
const IGNORED_FIELDS = new Set(["model", "language", "prompt", "temperature", "timestamp_granularities[]"]);

const Body = Type.Object({
  file: Type.Unsafe<string>({ type: "string", format: "binary", description: "The recording." }),
  model: Type.Optional(Type.String({ description: "Any name; there is one model." })),
  response_format: Type.Optional(
    Type.Union(
      FORMATS.map((format) => Type.Literal(format)),
      { description: "Default: json." },
    ),
  ),
});

const Word = Type.Object({ word: Type.String(), start: Type.Number(), end: Type.Number() });
const Segment = Type.Object({
  id: Type.Integer(),
  start: Type.Number(),
  end: Type.Number(),
  text: Type.String(),
  avg_logprob: Type.Number({ description: "Logarithm of the confidence." }),
});

const Reply = Type.Object(
  {
    text: Type.String({ description: "The digits in a row." }),
    task: Type.Optional(Type.Literal("transcribe")),
    language: Type.Optional(Type.String()),
    duration: Type.Optional(Type.Number({ description: "Of the recording, in seconds." })),
    words: Type.Optional(Type.Array(Word, { description: "Each digit, with its times in seconds." })),
    segments: Type.Optional(Type.Array(Segment)),
  },
  { description: "json has `text` alone, verbose_json all of it." },
);

/**
 * Adds the route.
 *
 * @param scope Is changed; prepared by `prepareRecordingScope`.
 * @param context.pool Hears.
 */
export function registerOpenAiRoute(scope: FastifyInstance, { pool }: ServerContext): void {
  scope.post(
    "/v1/audio/transcriptions",
    {
      config: { documentedBody: { content: { "multipart/form-data": { schema: Body } } } },
      schema: {
        operationId: "createTranscription",
        tags: ["recognition"],
        summary: "The same for clients of OpenAI's API",
        description: "Audio transcription: a form with `file` and, if you like, `response_format`.",
        response: { 200: Reply, ...RECORDING_FAILURES },
      },
      serializerCompiler: () => (value) => (typeof value === "string" ? value : JSON.stringify(value)),
    },
    async (request, reply) => {
      const { recording, format } = readParts(request);
      const job = { recordings: [recording], options: {}, transcribe: {} };
      return send(onlyOutcome("transcript", await pool.run(job, request)), format, reply);
    },
  );
}

function send(
  transcript: TimedTranscript,
  format: Format,
  reply: FastifyReply,
): string | Static<typeof Reply> {
  const { digits: text } = transcript;
  if (format === "json") return { text };
  if (format === "verbose_json") return { text, ...verbose(transcript) };
  reply.type("text/plain; charset=utf-8");
  return `${text}\n`;
}

function verbose({ events, durationMs }: TimedTranscript): Omit<Static<typeof Reply>, "text"> {
  const times = events.map(({ startMs, endMs }) => ({ start: startMs / 1000, end: endMs / 1000 }));
  return {
    task: "transcribe",
    language: "english",
    duration: durationMs / 1000,
    words: events.map(({ digit }, i) => ({ word: String(digit), ...times[i]! })),
    segments: events.map(({ digit, confidence }, i) => {
      return { id: i, ...times[i]!, text: String(digit), avg_logprob: Math.log(confidence) };
    }),
  };
}

function readParts({ body }: FastifyRequest): { recording: ArrayBuffer; format: Format } {
  if (!(body instanceof Form)) {
    throw new RequestError("request-malformed", "expected a form (multipart/form-data) with a file");
  }
  let recording: ArrayBuffer | undefined;
  let format: Format = "json";
  for (const part of body.parts) {
    if (part.isFile) recording = part.bytes.buffer;
    else if (part.name === "response_format") format = readFormat(part.text);
    else if (!IGNORED_FIELDS.has(part.name)) throw unknownField(part.name);
  }
  if (recording) return { recording, format };
  throw new RequestError("request-malformed", "the form holds no file");
}

function readFormat(value: string): Format {
  const format = FORMATS.find((name) => name === value);
  if (format) return format;
  throw new InvalidArgumentError(`response_format must be ${FORMATS.join(", ")}, got ${shownValue(value)}`);
}

function unknownField(name: string): RequestError {
  return new RequestError("request-malformed", `the form holds a field ${shownValue(name)}, unknown here`);
}
