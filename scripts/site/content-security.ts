import type { Plugin } from "vite";
import { CONTENT_SECURITY_POLICY } from "../../src/server/page-policy.ts";

/** Writes the policy into the built page, for hosts that send no headers of their own. */
export function contentSecurity(): Plugin {
  return {
    name: "content-security",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: CONTENT_SECURITY_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}
