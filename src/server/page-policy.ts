// What the page may load, and from where: its own origin, save sounds that it has made itself. WebAssembly has to be
// allowed by name.

/** The nonce under which wavesurfer.js adds the styles of its waveform. It guards styles alone, never scripts. */
export const STYLE_NONCE = "waveform";

/** The policy's directives. */
export const PAGE_DIRECTIVES: Readonly<Record<string, string[]>> = {
  "default-src": ["'none'"],
  "script-src": ["'self'", "'wasm-unsafe-eval'"],
  "worker-src": ["'self'"],
  "style-src": ["'self'", `'nonce-${STYLE_NONCE}'`],
  "img-src": ["'self'"],
  "font-src": ["'self'"],
  "media-src": ["'self'", "blob:"],
  "connect-src": ["'self'", "blob:"],
  "manifest-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
};

/** The policy as the page carries it itself, for hosts that send no headers of their own. */
export const CONTENT_SECURITY_POLICY = Object.entries(PAGE_DIRECTIVES)
  .map(([directive, sources]) => [directive, ...sources].join(" "))
  .join("; ");

/** What the page may use of the device. */
export const PERMISSIONS_POLICY = "microphone=(self), camera=(), geolocation=()";

/** Headers for any server of the page: the policy holds in workers too, and other pages cannot frame this one. */
export const SECURITY_HEADERS: Record<string, string> = {
  "Content-Security-Policy": `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  "Permissions-Policy": PERMISSIONS_POLICY,
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
