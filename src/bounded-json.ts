// JSON of others. `JSON.parse` alone takes any depth and any number of values: 16 MB of brackets keep it busy for seconds and
// become a gigabyte of arrays.

/** What a JSON text may hold. */
export type JsonBounds = {
  /** Arrays and objects within each other at most, >= 0. */
  maxDepth: number;
  /** Members of all arrays and objects together at most, >= 0. */
  maxMembers: number;
};

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c] as const;
/** A string that JSON.parse takes, as a regular expression. */
const STRING = String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})){0,4096}"`;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const;

/**
 * Parses JSON, once it is known that its structure is small. Strings may be of any length.
 *
 * @param text Looked through once before.
 * @param bounds.maxDepth Arrays and objects within each other at most.
 * @param bounds.maxMembers Members of all of them together at most.
 * @throws {SyntaxError} It is no JSON, or exceeds the bounds.
 */
export function parseBoundedJson(text: string, { maxDepth, maxMembers }: JsonBounds): unknown {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === QUOTE) i = endOfString(text, i);
    else if (character === CLOSE_ARRAY || character === CLOSE_OBJECT) depth -= 1;
    else if (character === COMMA) members += 1;
    else if (character === OPEN_ARRAY || character === OPEN_OBJECT) {
      depth += 1;
      members += 1;
    }
    if (depth > maxDepth) throw new SyntaxError(`it is nested more than ${maxDepth} deep`);
    if (members > maxMembers) throw new SyntaxError(`it holds more than ${maxMembers} members`);
  }
  return JSON.parse(text);
}

/**
 * Finds a text in an object without parsing it: one look at each character, whatever else the object holds.
 *
 * @param text JSON, or anything else.
 * @param name Of a member of the outermost object, as it stands in it.
 * @returns The first such text, if it is one, of 4096 characters at most.
 */
export function findText(text: string, name: string): string | undefined {
  const member = new RegExp(`"${name}"\\s*:\\s*(${STRING})`, "y");
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === CLOSE_ARRAY || character === CLOSE_OBJECT) depth -= 1;
    else if (character === OPEN_ARRAY || character === OPEN_OBJECT) depth += 1;
    else if (character === QUOTE) {
      member.lastIndex = i;
      const [, found] = (depth === 1 && member.exec(text)) || [];
      if (found) return JSON.parse(found);
      i = endOfString(text, i);
    }
  }
  return undefined;
}

/** @returns Index of the quote at its end; the text's length where there is none. */
function endOfString(text: string, start: number): number {
  const end = text.indexOf('"', start + 1);
  if (end > 0 && text.charCodeAt(end - 1) !== BACKSLASH) return end;
  for (let i = start + 1; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === QUOTE) return i;
    if (character === BACKSLASH) i += 1;
  }
  return text.length;
}

/** Characters of a value that a message repeats. */
const SHOWN_LENGTH = 60;

/** A value of others as messages repeat it. @param value Parsed by {@link parseBoundedJson}. @returns JSON, cut. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}
