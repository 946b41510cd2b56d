import { FileError } from "../errors.ts";

/**
 * Fetches a model file.
 *
 * @param source Its address, or its bytes.
 * @throws {FileError} It cannot be had; the message says how a bundler is told to take the file along.
 */
export async function fetchModel(source: string | URL | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const response = await fetch(source).catch((cause: Error) => {
    throw unavailable(source, cause.message, cause);
  });
  if (!response.ok) throw unavailable(source, `the server answers ${response.status}`);
  // A server of a single-page app answers every address with its page.
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    throw unavailable(source, "a page came in its place");
  }
  return new Uint8Array(await response.arrayBuffer());
}

function unavailable(source: string | URL, reason: string, cause?: unknown): FileError {
  const advice =
    "Serve the file of spoken-digits/models/ with your page and pass its address as `model` (docs/browser.md)";
  return new FileError(`model file ${source}: ${reason}. ${advice}`, { cause });
}
