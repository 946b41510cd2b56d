import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { defineConfig } from "vitest/config";

const PAGE_TESTS = "test/web/**/*.test.ts";
// Both cores may be busy with other programs.
const PATIENCE = { testTimeout: 300_000, hookTimeout: 240_000 };

/** Sound is played in real time, and a core that is away for 100 ms cuts a hole into a word. `npm test` names such tests. */
const SECOND_TRY = { retry: 1 };

// More than the two cores of a small machine: many tests wait for a service.
const BESIDE_OTHERS = { maxWorkers: 3, sequence: { groupOrder: 0 } };

/** What leaves something behind in its process, or looks at it; native and WebAssembly ONNX Runtime must not meet in one. */
const NEEDS_A_PROCESS =
  /vi\.(mock|stub|useFake|spyOn)|onnxruntime-web|memoryUsage|chdir|process\.(env\.\w+ = |on|exitCode)|delete process|globalThis/;

const ALL_TESTS = ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"];
const SHARING_FOLDERS = "{scripts,src,test/{deploy,publishing}}/**/*.test.ts";

// A process of its own costs a test file a second: it loads all that it imports anew. Most files need none.
const sharing = globSync(SHARING_FOLDERS, { cwd: import.meta.dirname }).filter(
  (path) => !NEEDS_A_PROCESS.test(readFileSync(join(import.meta.dirname, path), "utf8")),
);

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      {
        test: {
          name: "shared",
          include: sharing,
          isolate: false,
          ...BESIDE_OTHERS,
          ...PATIENCE,
        },
      },
      {
        test: {
          name: "code",
          include: ALL_TESTS,
          exclude: [PAGE_TESTS, ...sharing],
          isolate: true,
          ...BESIDE_OTHERS,
          ...PATIENCE,
          ...SECOND_TRY,
        },
      },
      {
        // After the others and one by one: a browser that listens needs a core of its own.
        test: {
          name: "page",
          include: [PAGE_TESTS],
          isolate: true,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...PATIENCE,
          ...SECOND_TRY,
        },
      },
    ],
  },
});
