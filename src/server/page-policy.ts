// What the page may load, and from where: its own origin, save sounds that it has made itself. WebAssembly has to be
// allowed by name.

/** The nonce under which wavesurfer.js adds the styles of its waveform. It guards styles alone, never scripts. */
export const STYLE_NONCE = "waveform";

/** The policy as the page carries it itself, for hosts that send no headers of their own. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  `style-src 'self' 'nonce-${STYLE_NONCE}'`,
  "img-src 'self'",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join(";");

/** Headers for any server of the page: the policy holds in workers too, and other pages cannot frame this one. */
export const PAGE_HEADERS: Record<string, string> = {
  "content-security-policy": `${CONTENT_SECURITY_POLICY};frame-ancestors 'none'`,
  "permissions-policy": "microphone=(self), camera=(), geolocation=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Headers of every answer of the service: those of the page, and the defaults of Helmet 8. Not `strict-transport-security`:
 * whoever ends TLS in front of the server decides whether its address is for https alone.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};
