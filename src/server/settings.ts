// What a server can be told, by flags and by environment: one table, read and checked at the start.

import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "../errors.ts";
import {
  hostNames,
  oneOf,
  origins,
  portOrNone,
  proxies,
  someText,
  thresholdOrNone,
  tokenOrNone,
  wholeNumber,
} from "./setting-values.ts";

/** Milliseconds that a timer can wait at most. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const count = (min: number, max?: number) => ({ value: "n", read: wholeNumber(min, max) });
const milliseconds = (min: number) => ({ value: "ms", read: wholeNumber(min, MAX_TIMER_MS) });

/**
 * Every setting: its default as text, what stands for its value in help texts, what it means, and how its text is
 * read. The key `maxBodyBytes` is the flag `--max-body-bytes` and the variable `SPOKEN_DIGITS_MAX_BODY_BYTES`.
 */
export const SETTINGS = {
  host: {
    initial: "127.0.0.1",
    value: "address",
    meaning: "address to listen on; 0.0.0.0 for all of the machine's",
    read: someText,
  },
  port: {
    initial: "7860",
    meaning: "port to listen on; 0 for any free one",
    ...count(0, 65_535),
  },
  healthPort: {
    initial: "",
    value: "n",
    meaning:
      "port of a listener for /healthz and /readyz alone, on a thread of its own; 0 for any free one, empty for none",
    read: portOrNone,
  },
  allowedHosts: {
    initial: "",
    value: "names",
    meaning:
      "names under which clients may ask (header Host), with commas between, .example.org for all below, * for any; addresses, localhost and --host always may",
    read: hostNames,
  },
  model: {
    initial: "compact",
    value: "model",
    meaning: "compact, standard, or the path of a model file",
    read: someText,
  },
  threshold: {
    initial: "",
    value: "p",
    meaning: "least confidence for a digit: 0 to 1, strict, balanced or lenient; empty for the model's own",
    read: thresholdOrNone,
  },
  site: {
    initial: "auto",
    value: "folder",
    meaning: "folder of the page; auto for the one that comes with the package, none for the API alone",
    read: someText,
  },
  workers: {
    initial: String(availableParallelism()),
    meaning: "processes that decode and classify",
    ...count(1, 256),
  },
  maxWorkerBytes: {
    initial: "314572800",
    meaning: "resident memory of such a process at most, in bytes; one that takes more is ended and replaced",
    ...count(134_217_728),
  },
  maxQueue: {
    initial: "1024",
    meaning: "requests that wait for a process at most; beyond them whoever has most of them gets 503",
    ...count(0, 100_000),
  },
  maxConnections: {
    initial: "2048",
    meaning:
      "open connections at most; a further one takes the place of one that has been silent, or gets 503",
    ...count(1, 1_000_000),
  },
  maxConnectionsPerAddress: {
    initial: "1024",
    meaning: "open connections of one address at most; believed proxies are not counted",
    ...count(1, 1_000_000),
  },
  maxHeldBytes: {
    initial: "33554432",
    meaning: "bytes held of all requests under way at most; beyond them requests get 503",
    ...count(1),
  },
  maxHeldBytesPerAddress: {
    initial: "25165824",
    meaning: "bytes held of one address's requests at most",
    ...count(1),
  },
  maxBodyBytes: {
    initial: "16777216",
    meaning: "bytes of one request at most",
    ...count(1),
  },
  maxFiles: {
    initial: "16",
    meaning: "recordings in one request at most",
    ...count(1, 1000),
  },
  maxDurationMs: {
    initial: "60000",
    value: "ms",
    meaning: "length of a recording at most",
    read: wholeNumber(1),
  },
  uploadTimeoutMs: {
    initial: "30000",
    meaning: "time in which a request has to arrive",
    ...milliseconds(1),
  },
  minUploadRate: {
    initial: "4096",
    meaning: "bytes a second that an upload has to bring, over 5 s; 0 for any",
    ...count(0),
  },
  writeTimeoutMs: {
    initial: "20000",
    meaning: "time in which a client has to read on, before its connection is closed",
    ...milliseconds(1),
  },
  answerTimeoutMs: {
    initial: "10000",
    meaning: "time from a request's last byte to its answer at most",
    ...milliseconds(1),
  },
  rateLimit: {
    initial: "0",
    meaning: "requests a minute from one address at most; 0 for any number",
    ...count(0),
  },
  rateLimitRedis: {
    initial: "",
    value: "url",
    meaning: "redis://HOST:PORT where replicas count requests together; empty for each by itself",
    read: (text) => text.trim(),
  },
  trustProxy: {
    initial: "",
    value: "addresses",
    meaning:
      "proxies whose X-Forwarded-For is believed: addresses, networks or loopback, with commas between",
    read: proxies,
  },
  token: {
    initial: "",
    value: "token",
    meaning:
      "token that requests to the API have to carry (Authorization: Bearer); better set by environment",
    read: tokenOrNone,
  },
  corsOrigins: {
    initial: "",
    value: "origins",
    meaning: "origins whose pages may use the API, with commas between, * for all",
    read: origins,
  },
  maxLiveSessions: {
    initial: "32",
    meaning: "live sessions (WebSockets) at once at most; 0 turns them off",
    ...count(0, 100_000),
  },
  maxLiveSessionsPerAddress: {
    initial: "16",
    meaning: "live sessions of one address at once at most",
    ...count(1, 100_000),
  },
  liveStartTimeoutMs: {
    initial: "5000",
    meaning: "time in which a live session's first message has to come",
    ...milliseconds(1),
  },
  maxLiveMs: {
    initial: "600000",
    meaning: "length of a live session at most",
    ...milliseconds(1),
  },
  stopDelayMs: {
    initial: "500",
    meaning: "time to go on refusing new requests after SIGTERM, so that load balancers and clients notice",
    ...milliseconds(0),
  },
  stopTimeoutMs: {
    initial: "20000",
    meaning: "time in which work under way has to end after SIGTERM",
    ...milliseconds(0),
  },
  logLevel: {
    initial: "info",
    value: "level",
    meaning: "debug (a line for each request), info, warn, error or silent",
    read: oneOf(["debug", "info", "warn", "error", "silent"]),
  },
} as const satisfies Record<
  string,
  { initial: string; value: string; meaning: string; read: (text: string) => unknown }
>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** What a server was told, checked. Units are in the names; what each means is in {@link SETTINGS}. */
export type ServerSettings = { readonly [Name in SettingName]: ReturnType<(typeof SETTINGS)[Name]["read"]> };

/** Settings as text, by name. */
export type SettingTexts = { readonly [Name in SettingName]?: string };

/** All names, in the order of the table. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/**
 * Reads all settings: a flag counts more than the environment, that more than the default.
 *
 * @param flags Texts given on the command line, by name. Default: none.
 * @param environment Variables. Default: none.
 * @throws {InvalidArgumentError} A value is out of range; the message names the flag or variable.
 */
export function readSettings(
  flags: SettingTexts = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): ServerSettings {
  const entries = SETTING_NAMES.map((name) => [name, readSetting(name, flags, environment)] as const);
  return Object.fromEntries(entries) as ServerSettings;
}

/**
 * @param name Of a setting, for example `maxBodyBytes`.
 * @returns Its flag, for example `--max-body-bytes`.
 */
export function flagOf(name: SettingName): string {
  return `--${dashed(name)}`;
}

/**
 * @param name Of a setting, for example `maxBodyBytes`.
 * @returns Its variable, for example `SPOKEN_DIGITS_MAX_BODY_BYTES`.
 */
export function variableOf(name: SettingName): string {
  return `SPOKEN_DIGITS_${dashed(name).replaceAll("-", "_").toUpperCase()}`;
}

function readSetting(
  name: SettingName,
  flags: SettingTexts,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  const [flag, variable] = [flags[name], environment[variableOf(name)]];
  const source = flag !== undefined ? flagOf(name) : variableOf(name);
  try {
    return SETTINGS[name].read(flag ?? variable ?? SETTINGS[name].initial);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`settings: ${source} ${error.message}`);
  }
}

function dashed(name: SettingName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
