// POST /api/classify: recordings in, predictions out.

import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { SpokenDigitsError } from "../errors.ts";
import { likeliestDigits } from "../model/prediction.ts";
import type { ErrorBody } from "./error-reply.ts";
import { readRecordings } from "./recording-scope.ts";
import { ErrorReply, PredictionReply, RECORDING_FAILURES } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";
import type { Answer, Outcome, TimedTranscript } from "./worker-protocol.ts";

const Query = Type.Object(
  {
    trim: Type.Optional(Type.Boolean({ default: true, description: "Cut silence off both ends first." })),
    denoise: Type.Optional(Type.Boolean({ default: false, description: "Reduce steady noise first." })),
    top: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: "List this many of the likeliest digits." }),
    ),
  },
  { additionalProperties: false },
);

const ListReply = Type.Array(Type.Union([PredictionReply, Type.Object({ error: ErrorReply })]), {
  description: "One entry for each file of the form, in their order.",
});

/** What the body of a request with recordings may be, for the OpenAPI document. */
export const RECORDING_BODY = {
  content: {
    "multipart/form-data": {
      schema: Type.Object({
        file: Type.Array(Type.Unsafe<string>({ type: "string", format: "binary" }), {
          description: "One or several recordings; the field's name does not matter.",
        }),
        voice: Type.Optional(
          Type.String({ description: "A voice profile as `spoken-digits teach` writes it, JSON." }),
        ),
      }),
    },
    "application/octet-stream": { schema: Type.Unsafe<string>({ type: "string", format: "binary" }) },
  },
};

const DESCRIPTION = `Send one recording as the request's body, or one or several in a form. WAV, AIFF, FLAC, MP3, M4A,
Ogg, Opus and WebM are read, at any sample rate and with any number of channels; what a recording is, is seen from its
bytes, never from a name or content type. Several files get a list in their order, in which a file that cannot be read
has an \`error\`.`;

/**
 * Adds the route.
 *
 * @param scope Is changed; prepared by `prepareRecordingScope`.
 * @param context.pool Classifies.
 */
export function registerClassifyRoute(scope: FastifyInstance, { pool }: ServerContext): void {
  scope.post<{ Querystring: Static<typeof Query> }>(
    "/api/classify",
    {
      config: { documentedBody: RECORDING_BODY },
      schema: {
        operationId: "classify",
        tags: ["recognition"],
        summary: "Which digit is spoken in a recording",
        description: DESCRIPTION,
        querystring: Query,
        response: { 200: Type.Union([PredictionReply, ListReply]), ...RECORDING_FAILURES },
      },
      // A union of schemas is checked at each answer to find its serialiser; an answer is small.
      serializerCompiler: () => JSON.stringify,
    },
    async (request) => {
      const { top, ...options } = request.query;
      const { recordings, isList, voice } = readRecordings(request);
      const outcomes = await pool.run({ recordings, options, voice }, request);
      if (isList) return outcomes.map((outcome) => entryOf(outcome, top));
      return replyOf(onlyOutcome("answer", outcomes), top);
    },
  );
}

type Outcomes = { answer: Answer; transcript: TimedTranscript; error: ErrorBody };

/**
 * What a single recording came to.
 *
 * @param kind What was asked for.
 * @param outcomes Exactly one.
 * @throws {SpokenDigitsError} What went wrong with it.
 */
export function onlyOutcome<Kind extends "answer" | "transcript">(
  kind: Kind,
  [outcome]: readonly Outcome[],
): Outcomes[Kind] {
  const { error, [kind]: result }: Partial<Outcomes> = outcome ?? {};
  if (result) return result as Outcomes[Kind];
  throw new SpokenDigitsError(error?.code ?? "service-fault", error?.message ?? `no ${kind} came`);
}

function entryOf(outcome: Outcome, top: number | undefined) {
  return "error" in outcome ? outcome : replyOf(onlyOutcome("answer", [outcome]), top);
}

function replyOf(answer: Answer, top: number | undefined): Static<typeof PredictionReply> {
  const { digit, confidence, none, string, probs, noneProb } = answer;
  const likeliest = top === undefined ? {} : { top: likeliestDigits(probs).slice(0, top) };
  return { digit, confidence, none, string, probs, noneProb, ...likeliest, ms: Number(answer.ms.toFixed(3)) };
}
