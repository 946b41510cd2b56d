import { readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";

type Lock = { packages: Record<string, { version?: string; dev?: boolean; engines?: { node?: string } }> };

/**
 * Checks that each package which is installed with this one admits every Node.js that this one admits.
 *
 * @param root Folder that holds package.json and package-lock.json.
 * @returns One line for each that does not.
 */
export function findEngineFaults(root: string): string[] {
  const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));
  const range = (read("package.json") as { engines: { node: string } }).engines.node;
  const { packages } = read("package-lock.json") as Lock;
  return Object.entries(packages)
    .filter(([path, { dev, engines }]) => path !== "" && !dev && engines?.node !== undefined)
    .filter(([, { engines }]) => !semver.subset(range, engines!.node!))
    .map(([path, { version, engines }]) => `${path} ${version} wants Node.js ${engines!.node}, not ${range}`);
}
