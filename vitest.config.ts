import { defineConfig } from "vitest/config";

const PAGE_TESTS = "test/web/**/*.test.ts";
// Both cores may be busy with other programs.
const PATIENCE = { testTimeout: 300_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    // Each test file in a process of its own: native and WebAssembly ONNX Runtime must not meet in one.
    pool: "forks",
    isolate: true,
    projects: [
      {
        test: {
          name: "code",
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [PAGE_TESTS],
          // More than the two cores of a small machine: many tests wait for a service.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          ...PATIENCE,
        },
      },
      {
        // After the others and one by one: a browser that listens needs a core of its own.
        test: {
          name: "page",
          include: [PAGE_TESTS],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...PATIENCE,
        },
      },
    ],
  },
});
