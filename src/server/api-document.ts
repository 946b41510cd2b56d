// The OpenAPI document, made of the routes' schemas, and a page to try them.

import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import packageJson from "../../package.json" with { type: "json" };
import type { ServerSettings } from "./settings.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** A body that the route reads itself, for the document alone. */
    documentedBody?: object;
  }
}

/** What the page to try it needs: its styles are inline, its logo a data: address. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Adds the page `/docs` and the document `/docs/json`. Has to come before the routes.
 *
 * @param server Is changed.
 * @param settings Whether a token is asked for.
 */
export async function registerApiDocument(server: FastifyInstance, settings: ServerSettings): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "spoken-digits",
        description: "Which digit (0-9) is spoken in a recording.",
        version: packageJson.version,
        license: { name: packageJson.license, identifier: packageJson.license },
      },
      // Relative to the document, so that it holds behind any proxy.
      servers: [{ url: "/" }],
      tags: TAGS,
      ...(settings.token === "" ? { security: [] } : TOKEN_SECURITY),
    },
    transform: ({ schema, url, route }) => ({
      schema: {
        ...schema,
        body: route.config?.documentedBody ?? schema?.body,
        ...(OPEN_ROUTES.has(url) ? { security: [] } : {}),
      },
      url,
    }),
  });
  await server.register(swaggerUi, { routePrefix: "/docs", staticCSP: PAGE_POLICY });
}

/** What is answered without the token too. */
const OPEN_ROUTES = new Set(["/healthz", "/readyz"]);

const TAGS = [
  { name: "recognition", description: "Recordings in, digits out." },
  { name: "operation", description: "For those that watch over the service." },
];

const TOKEN_SECURITY = {
  security: [{ token: [] }],
  components: { securitySchemes: { token: { type: "http" as const, scheme: "bearer" } } },
};
