// The React page of examples/, built by each bundler and run in Chromium.

import { spawn } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { launchChromium } from "../site/chromium.ts";
import type { Environment } from "./environment.ts";
import { example, makeProject, run, SAMPLE, versionOf } from "./project.ts";

const REACT = ["react@19", "react-dom@19"];
const PAGE = `<!doctype html><meta charset="utf-8"><div id="root"></div><script type="module" src="app.js"></script>`;
const WHAT = "examples/react, a `File` classified in Chromium";
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

const WEBPACK_CONFIG = `export default {
  mode: "production",
  entry: "./app.jsx",
  output: { filename: "app.js", publicPath: "", module: true },
  experiments: { outputModule: true },
  module: { rules: [{ test: /\\.jsx$/, loader: "esbuild-loader", options: { jsx: "automatic" } }] },
  performance: false,
};`;

const ROLLUP_CONFIG = `import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";
import url from "@rollup/plugin-url";
export default {
  input: "app.js",
  output: { dir: "dist", format: "es" },
  plugins: [
    replace({ "process.env.NODE_ENV": '"production"', preventAssignment: true }),
    url({ include: ["**/*.onnx", "**/*.wasm"], limit: 0 }),
    nodeResolve({ browser: true }),
    commonjs(),
  ],
};`;

/** Each bundler's trial, by name. */
export const BUNDLERS: Record<string, Environment> = {
  async vite({ tarball, folder }) {
    const files = { "app.jsx": example("react/app.jsx"), "index.html": example("react/index.html") };
    makeProject(folder, [tarball, ...REACT, "vite@8"], files);
    npx(folder, "vite", ["build", "--base", "./", "--logLevel", "error"]);
    return { version: versionOf(folder, "vite"), what: WHAT, result: await tryFolder(join(folder, "dist")) };
  },
  async webpack({ tarball, folder }) {
    const tools = ["webpack@5", "webpack-cli@6", "esbuild-loader@4"];
    makeProject(folder, [tarball, ...REACT, ...tools], {
      "app.jsx": example("react/app.jsx"),
      "webpack.config.js": WEBPACK_CONFIG,
      "dist/index.html": PAGE,
    });
    npx(folder, "webpack", []);
    return {
      version: versionOf(folder, "webpack"),
      what: WHAT,
      result: await tryFolder(join(folder, "dist")),
    };
  },
  async esbuild({ tarball, folder }) {
    makeProject(folder, [tarball, ...REACT, "esbuild@0.28"], {
      "app.jsx": example("react/app-with-addresses.jsx"),
      "dist/index.html": PAGE,
    });
    npx(folder, "esbuild", [...ESBUILD, "--bundle", "--outdir=dist"]);
    return {
      version: versionOf(folder, "esbuild"),
      what: WHAT,
      result: await tryFolder(join(folder, "dist")),
    };
  },
  async rollup({ tarball, folder }) {
    const plugins = ["commonjs", "node-resolve", "replace", "url"].map((name) => `@rollup/plugin-${name}`);
    makeProject(folder, [tarball, ...REACT, "rollup@4", "esbuild@0.28", ...plugins], {
      "app.jsx": example("react/app-with-addresses.jsx"),
      "rollup.config.js": ROLLUP_CONFIG,
      "dist/index.html": PAGE,
    });
    npx(folder, "esbuild", ["app.jsx", "--jsx=automatic", "--outfile=app.js"]);
    npx(folder, "rollup", ["--config", "--silent"]);
    return {
      version: versionOf(folder, "rollup"),
      what: WHAT,
      result: await tryFolder(join(folder, "dist")),
    };
  },
  async next({ tarball, folder }) {
    const names = ["next.config.mjs", "app/layout.jsx", "app/page.jsx", "app/api/classify/route.js"];
    const files = Object.fromEntries(names.map((name) => [name, example(`next/${name}`)]));
    makeProject(folder, [tarball, ...REACT, "next@16"], files);
    npx(folder, "next", ["build"]);
    const what = "examples/next: a client component in Chromium and a route handler";
    return { version: versionOf(folder, "next"), what, result: await tryNext(folder) };
  },
};

const ESBUILD = [
  "app.jsx",
  "--jsx=automatic",
  "--format=esm",
  "--loader:.onnx=file",
  "--loader:.wasm=file",
  "--define:process.env.NODE_ENV='production'",
];

function npx(folder: string, name: string, args: readonly string[]): void {
  run(join(folder, "node_modules", ".bin", name), args, folder);
}

/** Serves a folder and tries the page in it. */
async function tryFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = join(folder, pathname === "/" ? "index.html" : pathname);
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await tryPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function tryNext(folder: string): Promise<string> {
  const port = "7991";
  const args = ["start", "--hostname", "127.0.0.1", "--port", port];
  const server = spawn(join(folder, "node_modules", ".bin", "next"), args, { cwd: folder, stdio: "ignore" });
  try {
    return await tryPage(`http://127.0.0.1:${port}/`, `The server says ${SAMPLE.digit}.`);
  } finally {
    server.kill();
  }
}

/** Chooses a file in a page and waits for what it says of it. */
async function tryPage(url: string, alsoExpected?: string): Promise<string> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  try {
    for (let attempts = 0; attempts < 60; attempts++) {
      if (await page.goto(url).then(Boolean, () => false)) break;
      await page.waitForTimeout(1000);
    }
    await page.setInputFiles("input[type=file]", SAMPLE.path);
    await page.getByText(`The digit is ${SAMPLE.digit}.`).waitFor({ timeout: 120_000 });
    if (alsoExpected) await page.getByText(alsoExpected).waitFor({ timeout: 120_000 });
    return `ok: 7.wav is ${SAMPLE.digit}${alsoExpected ? ", in the browser and on the server" : ""}`;
  } catch (error) {
    return `failed: ${faults[0] ?? String((error as Error).message).split("\n")[0]}`;
  } finally {
    await browser.close();
  }
}
