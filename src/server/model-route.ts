import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import packageJson from "../../package.json" with { type: "json" };
import { resolveThreshold } from "../model/prediction.ts";
import { ErrorReply } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";

const OperatingPointReply = Type.Object({
  threshold: Type.Number(),
  digitsKept: Type.Number({ description: "Share of the digits that are told as digits." }),
  falseAccepts: Type.Number({
    description: "Share of other words and pieces of sentences taken for a digit.",
  }),
});

const ModelReply = Type.Object({
  architecture: Type.String(),
  parameterCount: Type.Integer(),
  labels: Type.Array(Type.String()),
  sampleRate: Type.Integer({ description: "Hz; recordings at other rates are resampled." }),
  threshold: Type.Number({ description: "Least confidence for a digit, as this server applies it." }),
  operatingPoints: Type.Optional(
    Type.Record(Type.String(), OperatingPointReply, {
      description: "Other thresholds by name, each with what it was measured to do.",
    }),
  ),
  trainingData: Type.String(),
  accuracy: Type.Record(Type.String(), Type.Number(), {
    description: "Measured shares of right answers, by the name of the test.",
  }),
  version: Type.String({ description: "Of the package." }),
});

/**
 * Adds `GET /api/model`: what answers, and how good it was measured to be.
 *
 * @param server Is changed.
 * @param context.pool What the model says of itself.
 * @param context.settings The threshold, if it is not the model's own.
 */
export function registerModelRoute(server: FastifyInstance, { pool, settings }: ServerContext): void {
  const { architecture, parameterCount, labels, sampleRate, trainingData, accuracy, operatingPoints } =
    pool.info;
  const reply = {
    architecture,
    parameterCount,
    labels,
    sampleRate,
    threshold: resolveThreshold(pool.info, settings.threshold),
    ...(operatingPoints && { operatingPoints }),
    trainingData,
    accuracy,
    version: packageJson.version,
  };
  server.get(
    "/api/model",
    {
      schema: {
        operationId: "getModel",
        tags: ["recognition"],
        summary: "What the model is and how accurate it was measured to be",
        response: { 200: ModelReply, 401: ErrorReply },
      },
    },
    () => reply,
  );
}
