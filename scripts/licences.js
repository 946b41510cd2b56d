// Licences of what ships: installed with the package, or bundled into dist/ and the page.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Development packages whose code is in dist/ or in the page. */
const BUNDLED = [
  "@bufbuild/protobuf",
  "@fontsource-variable/inter",
  "@preact/signals",
  "@preact/signals-core",
  "@bomb.sh/tab",
  "commander",
  "onnx-buf",
  "preact",
  "typebox",
  "wavesurfer.js",
  "workbox-core",
  "workbox-precaching",
  "workbox-routing",
  "workbox-strategies",
];

/** GPL and AGPL, not LGPL; and what names no licence. */
const REFUSED = /(?<!L)GPL|^$|UNLICENSED/;

/**
 * @typedef {{ name: string, version: string, licence: string, folder: string }} ShippedPackage
 */

/**
 * Lists what ships, sorted by name. Optional packages for other machines that are not installed are left out.
 *
 * @param {string} root Folder that holds package-lock.json and node_modules.
 * @returns {ShippedPackage[]}
 */
export function shippedPackages(root) {
  /** @type {{ packages: Record<string, { dev?: boolean }> }} */
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(packages)
    .map(([path, { dev }]) => ({ path, dev, name: path.split("node_modules/").at(-1) ?? "" }))
    .filter(({ path, dev, name }) => path !== "" && (!dev || BUNDLED.includes(name)))
    .filter(({ path }) => existsSync(join(root, path, "package.json")))
    .map(({ path, name }) => {
      const { version, license } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
      const licence = typeof license === "string" ? license : (license?.type ?? "");
      return { name, version, licence, folder: join(root, path) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Names what may not ship in a package under the MIT licence.
 *
 * @param {readonly Pick<ShippedPackage, "name" | "version" | "licence">[]} packages
 * @returns {string[]} One line for each; a choice of licences is fine where one of them is.
 */
export function findLicenceFaults(packages) {
  return packages
    .filter(({ licence }) => licence.split(/ OR /).every((choice) => REFUSED.test(choice)))
    .map(({ name, version, licence }) => `${name}@${version}: ${licence || "names no licence"}`);
}

/**
 * The notices of what ships: name, version, licence and the text that came with it.
 *
 * @param {string} root Folder that holds package-lock.json and node_modules.
 * @returns {string}
 */
export function noticesOf(root) {
  return shippedPackages(root)
    .map(({ name, version, licence, folder }) => `${name} ${version} (${licence})\n\n${licenceText(folder)}`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** @param {string} folder */
function licenceText(folder) {
  const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|copying|notice|ofl)/i.test(name));
  const texts = files.map((name) => join(folder, name)).filter((path) => !/\.(?:js|ts|json)$/.test(path));
  return (
    texts.map((path) => `${readFileSync(path, "utf8").trim()}\n`).join("\n") || "No text came with it.\n"
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const notices = noticesOf(root);
  writeFileSync(join(root, "THIRD-PARTY-NOTICES.txt"), notices);
  const site = join(root, "dist", "site");
  if (existsSync(site)) writeFileSync(join(site, "third-party-notices.txt"), notices);
  const counts = new Map();
  for (const { licence } of shippedPackages(root)) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  for (const [licence, count] of [...counts].sort()) console.log(`${String(count).padStart(4)}  ${licence}`);
}
