import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    // The page in real browsers takes half an hour on two busy cores: `npm run test:page`.
    exclude: process.env.SPOKEN_DIGITS_PAGE_TESTS ? [] : ["test/web/**"],
    // Each test file in a process of its own: native and WebAssembly ONNX Runtime must not meet in one.
    pool: "forks",
    isolate: true,
    fileParallelism: true,
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
