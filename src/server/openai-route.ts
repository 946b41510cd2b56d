// POST /v1/audio/transcriptions: the route that most speech clients speak
// (https://platform.openai.com/docs/api-reference/audio/createTranscription).

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { InvalidArgumentError, RequestError } from "../errors.ts";
import { asFormError, ownMemory, readBytes } from "./request-recordings.ts";
import { RECORDING_FAILURES } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";
import { onlyTranscript } from "./transcribe-route.ts";
import type { TimedTranscript } from "./worker-protocol.ts";

const FORMATS = ["json", "text", "verbose_json"] as const;
type Format = (typeof FORMATS)[number];

/** Fields of the form that clients send and that change nothing here: there is one model, one language. */
const IGNORED_FIELDS = new Set(["model", "language", "prompt", "temperature", "timestamp_granularities[]"]);

/** Bytes of a field at most. */
const MAX_FIELD_BYTES = 4096;

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
      const { recording, format } = await request.upload.whileArriving(
        readForm(request).catch(rethrowFormError),
      );
      const job = { recordings: [recording], options: {}, transcribe: {} };
      return send(onlyTranscript(await pool.run(job, request)), format, reply);
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

async function readForm(request: FastifyRequest): Promise<{ recording: ArrayBuffer; format: Format }> {
  if (!request.isMultipart()) {
    throw new RequestError("request-malformed", "expected a form (multipart/form-data) with a file");
  }
  let recording: ArrayBuffer | undefined;
  let format: Format = "json";
  for await (const part of request.parts({ limits: { fields: 16, parts: 17, fieldSize: MAX_FIELD_BYTES } })) {
    if (part.type === "file") recording = ownMemory(await readBytes(part.file, request.upload));
    else if (part.fieldname === "response_format") format = readFormat(part.value);
    else if (!IGNORED_FIELDS.has(part.fieldname)) throw unknownField(part.fieldname);
  }
  if (recording) return { recording, format };
  throw new RequestError("request-malformed", "the form holds no file");
}

function rethrowFormError(error: unknown): never {
  throw asFormError(error);
}

function readFormat(value: unknown): Format {
  const format = FORMATS.find((name) => name === value);
  if (format) return format;
  throw new InvalidArgumentError(
    `response_format must be ${FORMATS.join(", ")}, got ${JSON.stringify(value)}`,
  );
}

function unknownField(name: string): RequestError {
  return new RequestError(
    "request-malformed",
    `the form holds a field ${JSON.stringify(name)}, unknown here`,
  );
}
