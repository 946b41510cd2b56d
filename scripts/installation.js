// What a checkout still lacks before its commands can run. Plain JavaScript without dependencies: this runs
// before anything is installed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Everything outside `src/` which changes what `npm run build` writes. */
const BUILD_INPUTS = ["package.json", "package-lock.json", "tsconfig.json", "tsdown.config.ts"];

/**
 * Says whether this Node.js is new enough for the package.
 *
 * @param {string} version Version of Node.js, for example `20.19.4`.
 * @param {string} range `engines.node` of package.json: parts of the form `^20.19.0` or `>=22.12.0`, with `||` between.
 * @returns {boolean} True when `version` is in `range`.
 */
export function isSupportedNode(version, range) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return range.split("||").some((part) => {
    const [, sign, ...numbers] = /^(\^|>=)(\d+)\.(\d+)/.exec(part.trim()) ?? [];
    const [minMajor = Infinity, minMinor = 0] = numbers.map(Number);
    return (major === minMajor && minor >= minMinor) || (sign === ">=" && major > minMajor);
  });
}

/**
 * Lists the packages that package-lock.json asks for and node_modules does not hold in that version. npm writes
 * what it installed into a lock file of its own inside node_modules, as its last step.
 *
 * @param {string} root Folder that holds package-lock.json.
 * @returns {string[]} Paths such as `node_modules/vitest`; empty when nothing has to be installed. Packages for
 *   other machines only (optional in the lock file) are not asked for.
 */
export function missingPackages(root) {
  const wanted = readLock(join(root, "package-lock.json"));
  const installed = readLock(join(root, "node_modules", ".package-lock.json"));
  return Object.keys(wanted).filter(
    (path) => path !== "" && !wanted[path]?.optional && wanted[path]?.version !== installed[path]?.version,
  );
}

/**
 * How to start npm itself, also where npm is no program but a script (Windows).
 *
 * @param {string[]} args Arguments for npm.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand(args) {
  const script = process.env.npm_execpath;
  return script
    ? { command: process.execPath, args: [script, ...args], shell: false }
    : { command: "npm", args, shell: process.platform === "win32" };
}

/**
 * Says whether dist/ was built from the sources as they are now.
 *
 * @param {string} root Folder that holds src/ and dist/.
 * @returns {boolean} True when nothing has to be built.
 */
export function isBuilt(root) {
  const stamp = stampPath(root);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digestOfSources(root);
}

/**
 * Notes in dist/ which sources it was built from.
 *
 * @param {string} root Folder that holds src/ and dist/.
 */
export function markBuilt(root) {
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stampPath(root), digestOfSources(root));
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean } | undefined>}
 */
function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}

/** @param {string} root */
function stampPath(root) {
  return join(root, "dist", ".built-from");
}

/** @param {string} root */
function digestOfSources(root) {
  const hash = createHash("sha256");
  for (const path of [...sourceFiles(join(root, "src")), ...BUILD_INPUTS.map((name) => join(root, name))]) {
    if (!existsSync(path)) continue;
    hash.update(`${relative(root, path).split(sep).join("/")}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourceFiles(path);
      return /\.(ts|tsx|js)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [path] : [];
    });
}
