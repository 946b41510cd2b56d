// POST /models/spoken-digits: the protocol of Hugging Face's inference API for audio classification, as its clients
// speak it (https://huggingface.co/docs/inference-providers/tasks/audio-classification).

import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { parseBoundedJson } from "../bounded-json.ts";
import { InvalidArgumentError, RequestError } from "../errors.ts";
import { onlyOutcome } from "./classify-route.ts";
import { bodyOf, ownMemory } from "./recording-scope.ts";
import { RECORDING_FAILURES } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";
import type { Answer } from "./worker-protocol.ts";

/** How many labels are listed where a request does not say: as many as Hugging Face's own pipeline lists. */
const DEFAULT_TOP_K = 5;

/** What the body may hold: `inputs`, `parameters` and two of those, with room for what other clients add. */
const JSON_BOUNDS = { maxDepth: 4, maxMembers: 64 };

/** What stands before the base64 where a client sends a data URL. */
const DATA_URL = /^data:[^,]{0,200};base64,/;

const JsonBody = Type.Object({
  inputs: Type.String({ description: "The recording, in base64." }),
  parameters: Type.Optional(
    Type.Object({
      top_k: Type.Optional(
        Type.Integer({ minimum: 1, description: `How many labels to list. Default: ${DEFAULT_TOP_K}.` }),
      ),
      function_to_apply: Type.Optional(
        Type.Literal("softmax", { description: "Scores are probabilities; there is no other choice." }),
      ),
    }),
  ),
});

const LabelsReply = Type.Array(Type.Object({ label: Type.String(), score: Type.Number() }), {
  description: "The likeliest labels, 0 to 9 and none, with their probabilities.",
});

const BODY = {
  content: {
    "application/octet-stream": { schema: Type.Unsafe<string>({ type: "string", format: "binary" }) },
    "application/json": { schema: JsonBody },
  },
};

/**
 * Adds the route.
 *
 * @param scope Is changed; prepared by `prepareRecordingScope`.
 * @param context.pool Classifies.
 */
export function registerHuggingFaceRoute(scope: FastifyInstance, { pool }: ServerContext): void {
  scope.post(
    "/models/spoken-digits",
    {
      config: { documentedBody: BODY },
      schema: {
        operationId: "classifyForHuggingFace",
        tags: ["recognition"],
        summary: "The same for clients of Hugging Face's inference API",
        description: "Audio classification: the recording as the body, or in base64 within JSON.",
        response: { 200: LabelsReply, ...RECORDING_FAILURES },
      },
    },
    async (request, reply) => {
      const { recording, topK } = readBody(request);
      const answer = onlyOutcome("answer", await pool.run({ recordings: [recording], options: {} }, request));
      // The protocol has no place for it.
      if (answer.string !== null) reply.header("x-several-digits", answer.string);
      return labelsOf(answer, pool.info.labels).slice(0, topK);
    },
  );
}

function readBody(request: FastifyRequest): { recording: ArrayBuffer; topK: number } {
  const bytes = bodyOf(request);
  if (request.mediaType !== "application/json") return { recording: ownMemory(bytes), topK: DEFAULT_TOP_K };
  const { inputs, parameters } = checkJson(request, parseJson(bytes));
  return {
    recording: ownMemory(Buffer.from(inputs.replace(DATA_URL, ""), "base64")),
    topK: parameters?.top_k ?? DEFAULT_TOP_K,
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return parseBoundedJson(bytes.toString(), JSON_BOUNDS);
  } catch (cause) {
    const reason = (cause as Error).message.slice(0, 80);
    throw new RequestError("request-malformed", `the request's body cannot be read as JSON (${reason})`, {
      cause,
    });
  }
}

function checkJson(request: FastifyRequest, value: unknown): Static<typeof JsonBody> {
  const check = request.compileValidationSchema(JsonBody);
  if (check(value)) return value as Static<typeof JsonBody>;
  const [fault] = check.errors ?? [];
  throw new InvalidArgumentError(`the request's body: ${fault?.instancePath || "it"} ${fault?.message}`);
}

function labelsOf({ probs, noneProb }: Answer, labels: readonly string[]): Static<typeof LabelsReply> {
  return [...probs, noneProb]
    .map((score, i) => ({ label: labels[i]!, score }))
    .sort((a, b) => b.score - a.score);
}
