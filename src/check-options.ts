import { InvalidArgumentError } from "./errors.ts";

/** What `typeof` says of an option; `any` for one that is checked elsewhere. */
export type OptionType = "boolean" | "number" | "object" | "string" | "function" | "any";

/**
 * Checks the kinds of options, for callers that no compiler has checked.
 *
 * @param where The function's name, for the message.
 * @param options What it was given.
 * @param types Of each option that there is; null passes as an object, undefined always.
 * @throws {InvalidArgumentError} `options` is no object, holds an option of another name, or one of another type.
 */
export function checkOptions(
  where: string,
  options: unknown,
  types: Readonly<Record<string, OptionType>>,
): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InvalidArgumentError(`${where}: options must be an object, got ${nameOf(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(types, name)) {
      const known = Object.keys(types).join(", ");
      throw new InvalidArgumentError(`${where}: there is no option ${name}; there are ${known}`);
    }
    if (value === undefined || types[name] === "any" || typeof value === types[name]) continue;
    throw new InvalidArgumentError(`${where}: ${name} must be of type ${types[name]}, got ${nameOf(value)}`);
  }
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "string" ? JSON.stringify(value) : typeof value;
}
