import type { Plugin } from "vite";
import { CONTENT_SECURITY_POLICY, PAGE_HEADERS } from "../../src/server/page-policy.ts";

/**
 * Writes the policy into the built page, for hosts that send no headers of their own, and `_headers` beside it, which Netlify
 * and Cloudflare Pages send as headers.
 */
export function contentSecurity(): Plugin {
  return {
    name: "content-security",
    apply: "build",
    generateBundle() {
      const lines = Object.entries(PAGE_HEADERS).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({ type: "asset", fileName: "_headers", source: `/*\n${lines.join("\n")}\n` });
    },
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: CONTENT_SECURITY_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}
