import { existsSync } from "node:fs";
import { defineConfig } from "tsdown";

const ENTRIES = {
  index: "src/index.ts",
  cli: "src/cli/main.ts",
  "training-worker": "src/training/worker.ts",
};

export default defineConfig({
  entry: Object.fromEntries(Object.entries(ENTRIES).filter(([, source]) => existsSync(source))),
  format: "esm",
  platform: "node",
  fixedExtension: false,
  dts: { entry: "src/index.ts" },
  deps: { alwaysBundle: ["onnx-buf", /^@bufbuild/, "commander"] },
  sourcemap: true,
  logLevel: "warn",
});
