import { InvalidArgumentError } from "./errors.ts";

/**
 * Loads a package that is installed by those alone who need it.
 *
 * @param load Imports it.
 * @param options.what What it is needed for.
 * @param options.packages Names, as `npm install` takes them.
 * @throws {InvalidArgumentError} It is not installed; the message says how it is.
 */
export async function loadPeer<Module>(
  load: () => Promise<Module>,
  { what, packages }: { what: string; packages: string },
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new InvalidArgumentError(`${what} needs a package that is not installed: npm install ${packages}`, {
      cause,
    });
  }
}
