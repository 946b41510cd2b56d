// Schemas that several routes share: they check requests, and the OpenAPI document is made of them.

import { Type } from "typebox";
import type { ERROR_CODES } from "../errors.ts";

/** The body of every answer that is no success. */
export const ErrorReply = Type.Object(
  {
    code: Type.String({
      description: "Stable name of the failure; docs/errors.md lists them.",
      examples: ["audio-unrecognised"],
    }),
    message: Type.String({ description: "What was expected and what came." }),
  },
  { description: "What went wrong." },
);

const Probability = Type.Number({ minimum: 0, maximum: 1 });

/** The answer to one recording. */
export const PredictionReply = Type.Object(
  {
    digit: Type.Union([Type.Integer({ minimum: 0, maximum: 9 }), Type.Null()], {
      description: "The digit spoken, or null where `none` says why not.",
    }),
    confidence: Type.Number({ minimum: 0, maximum: 1, description: "Probability of the most likely digit." }),
    none: Type.Union(
      [
        Type.Literal("silence"),
        Type.Literal("not-a-digit"),
        Type.Literal("uncertain"),
        Type.Literal("several-digits"),
        Type.Null(),
      ],
      { description: "Why there is no digit." },
    ),
    string: Type.Union([Type.String({ pattern: "^[0-9]{2,}$" }), Type.Null()], {
      description: "The digits in a row where several are spoken, else null.",
    }),
    probs: Type.Array(Probability, { description: "Probabilities of 0 to 9.", minItems: 10, maxItems: 10 }),
    noneProb: Type.Number({ minimum: 0, maximum: 1, description: "Probability that it is no digit." }),
    top: Type.Optional(
      Type.Array(Type.Object({ digit: Type.Integer({ minimum: 0, maximum: 9 }), confidence: Probability }), {
        description: "The likeliest digits, as many as the option `top` asks for.",
      }),
    ),
    ms: Type.Number({ description: "Time to classify, without decoding, in milliseconds." }),
  },
  { description: "The answer to one recording." },
);

/** The failures that any route with recordings may end in. */
export const RECORDING_FAILURES = {
  400: ErrorReply,
  401: ErrorReply,
  405: ErrorReply,
  408: ErrorReply,
  413: ErrorReply,
  415: ErrorReply,
  422: ErrorReply,
  429: ErrorReply,
  500: ErrorReply,
  503: ErrorReply,
} satisfies Partial<Record<(typeof ERROR_CODES)[keyof typeof ERROR_CODES]["httpStatus"], typeof ErrorReply>>;
