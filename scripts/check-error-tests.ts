import type { SourceFiles } from "./source-files.ts";

/**
 * Checks that each error code is named by a test that provokes it: by any test but that of the table of codes.
 *
 * @param codes The codes of `src/errors.ts`.
 * @param sources Files of the project; only tests among them count.
 * @returns One line for each code without a test.
 */
export function findUntestedCodes(codes: readonly string[], sources: SourceFiles): string[] {
  const tests = [...sources]
    .filter(([path]) => path.endsWith(".test.ts") && path !== "src/errors.test.ts")
    .map(([, text]) => text);
  return codes
    .filter((code) => !tests.some((text) => text.includes(`"${code}"`)))
    .map((code) => `no test raises ${code}`);
}
