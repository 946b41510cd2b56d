// POST /api/transcribe: recordings in, the digits said in them out.

import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { EXPECTATIONS } from "../live/decoding.ts";
import { onlyOutcome, RECORDING_BODY } from "./classify-route.ts";
import { readRecordings } from "./recording-scope.ts";
import { ErrorReply, RECORDING_FAILURES } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";
import type { Outcome, TimedTranscript } from "./worker-protocol.ts";

const Query = Type.Object(
  {
    threshold: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: "Least confidence of a digit. Default: the model's own.",
      }),
    ),
    expect: Type.Optional(
      Type.Union(
        EXPECTATIONS.map((expectation) => Type.Literal(expectation)),
        {
          description:
            "digits: nothing else is said; numbers: numbers among anything else; any: every single digit. Default: any.",
        },
      ),
    ),
    length: Type.Optional(
      Type.String({ description: "How long a number is: 4, 10, or in groups, 3-3-4. Default: any length." }),
    ),
    alternatives: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 20, default: 1, description: "List the likeliest strings." }),
    ),
  },
  { additionalProperties: false },
);

const Confidence = Type.Number({ minimum: 0, maximum: 1 });
const Digit = Type.Integer({ minimum: 0, maximum: 9 });

const Event = Type.Object({
  digit: Digit,
  confidence: Confidence,
  startMs: Type.Number({ description: "Where in the recording it begins, in milliseconds." }),
  endMs: Type.Number({ description: "Where it ends." }),
  rivals: Type.Array(Type.Object({ digit: Digit, confidence: Confidence }), {
    description: "What it would be if not this digit, the likeliest first.",
  }),
});

/** The digits of one recording. */
const TranscriptReply = Type.Object(
  {
    digits: Type.String({ description: "In a row, for example 0451; empty where none is spoken." }),
    confidence: Type.Number({ minimum: 0, maximum: 1, description: "That the string is right as a whole." }),
    events: Type.Array(Event, { description: "Each digit, in the order they were spoken." }),
    alternatives: Type.Array(Type.Object({ digits: Type.String(), confidence: Confidence }), {
      description: "The likeliest strings, as many as the option asks for.",
    }),
    durationMs: Type.Number({ description: "Length of the recording." }),
    ms: Type.Number({ description: "Time to decode and to hear, in milliseconds." }),
  },
  { title: "Transcript", description: "The digits of one recording." },
);

const ListReply = Type.Array(Type.Union([TranscriptReply, Type.Object({ error: ErrorReply })]), {
  description: "One entry for each file of the form, in their order.",
});

/**
 * Adds the route.
 *
 * @param scope Is changed; prepared by `prepareRecordingScope`.
 * @param context.pool Hears.
 */
export function registerTranscribeRoute(scope: FastifyInstance, { pool }: ServerContext): void {
  scope.post<{ Querystring: Static<typeof Query> }>(
    "/api/transcribe",
    {
      config: { documentedBody: RECORDING_BODY },
      schema: {
        operationId: "transcribe",
        tags: ["recognition"],
        summary: "Which digits are spoken in a recording, one after another, and when",
        description: "Recordings are sent as to /api/classify.",
        querystring: Query,
        response: { 200: Type.Union([TranscriptReply, ListReply]), ...RECORDING_FAILURES },
      },
      serializerCompiler: () => JSON.stringify,
    },
    async (request) => {
      const { recordings, isList, voice } = readRecordings(request);
      const outcomes = await pool.run({ recordings, options: {}, voice, transcribe: request.query }, request);
      return isList ? outcomes.map(entryOf) : replyOf(onlyOutcome("transcript", outcomes));
    },
  );
}

function entryOf(outcome: Outcome) {
  return "error" in outcome ? outcome : replyOf(onlyOutcome("transcript", [outcome]));
}

function replyOf({ ms, ...transcript }: TimedTranscript): Static<typeof TranscriptReply> {
  return { ...transcript, ms: Number(ms.toFixed(3)) };
}
