// ONNX Runtime 1.29 and later reports its use from Linux and macOS too, unless told not to. What it would send, it first
// keeps in the cache folder, with an id of the machine.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

it.runIf(process.platform === "linux")(
  "a prediction leaves nothing in the cache folder",
  () => {
    execFileSync(process.execPath, [join(ROOT, "scripts", "build.js")]);
    const home = mkdtempSync(join(tmpdir(), "spoken-digits-home-"));
    const args = [join(ROOT, "dist", "cli.js"), "predict", "--json", join(ROOT, "fixtures/samples/7.wav")];
    // Without the variables by which the runtime knows continuous integration, where it is silent anyway.
    const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, "cache") };
    const output = execFileSync(process.execPath, args, { env, encoding: "utf8" });
    const left = existsSync(home) ? readdirSync(home, { recursive: true }) : [];
    rmSync(home, { recursive: true });
    expect(JSON.parse(output).probs).toHaveLength(10);
    expect(left).toEqual([]);
  },
  600_000,
);
