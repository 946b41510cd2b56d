import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { flagOf, readSettings, SETTING_NAMES, SETTINGS, type SettingTexts, variableOf } from "./settings.ts";

describe("readSettings", () => {
  test("gives the defaults where nothing is said", () => {
    expect(readSettings()).toMatchObject({
      host: "127.0.0.1",
      port: 7860,
      model: "compact",
      threshold: undefined,
      workers: availableParallelism(),
      token: "",
      corsOrigins: [],
      trustProxy: [],
      rateLimit: 0,
      rateLimitRedis: "",
      logLevel: "info",
    });
  });

  test("takes a flag before the environment, and that before the default", () => {
    const environment = { SPOKEN_DIGITS_PORT: "81", SPOKEN_DIGITS_MAX_BODY_BYTES: "5000", PORT: "83" };
    expect(readSettings({ port: "82" }, environment)).toMatchObject({ port: 82, maxBodyBytes: 5000 });
  });

  test("reads every kind of value", () => {
    const flags: SettingTexts = {
      threshold: "0.75",
      corsOrigins: "https://a.example, http://localhost:3000",
      trustProxy: "10.0.0.0/8,127.0.0.1,loopback,fd00::/8",
      token: "0123456789abcdef==",
      logLevel: "debug",
      site: " folder ",
    };
    expect(readSettings(flags)).toMatchObject({
      threshold: 0.75,
      corsOrigins: ["https://a.example", "http://localhost:3000"],
      trustProxy: ["10.0.0.0/8", "127.0.0.1", "loopback", "fd00::/8"],
      token: "0123456789abcdef==",
      logLevel: "debug",
      site: "folder",
    });
  });

  test.each<[SettingTexts]>([
    [{ port: "65536" }],
    [{ port: "-1" }],
    [{ port: "80.5" }],
    [{ port: "" }],
    [{ port: "http" }],
    [{ host: " " }],
    [{ threshold: "1.1" }],
    [{ threshold: "high" }],
    [{ workers: "0" }],
    [{ workers: "257" }],
    [{ maxBodyBytes: "0" }],
    [{ maxBodyBytes: "1e9" }],
    [{ answerTimeoutMs: "2147483648" }],
    [{ corsOrigins: "example.org" }],
    [{ corsOrigins: "https://example.org/path" }],
    [{ trustProxy: "10.0.0.0/33" }],
    [{ trustProxy: "localhost" }],
    [{ trustProxy: "10.0.0.1/8/8" }],
    [{ logLevel: "verbose" }],
    [{ token: "short" }],
    [{ token: "with spaces in between it" }],
  ])("refuses %o, and names the flag", (flags) => {
    const [name] = SETTING_NAMES.filter((candidate) => candidate in flags);
    expect(() => readSettings(flags)).toThrow(InvalidArgumentError);
    expect(() => readSettings(flags)).toThrow(`settings: ${flagOf(name!)} must `);
  });

  test("names the variable where the value is from the environment", () => {
    expect(() => readSettings({}, { SPOKEN_DIGITS_MAX_QUEUE: "many" })).toThrow(
      'settings: SPOKEN_DIGITS_MAX_QUEUE must be a whole number 0..100000, got "many"',
    );
  });

  test("never repeats a token", () => {
    expect(() => readSettings({ token: "a secret!" })).not.toThrow("secret");
  });
});

describe("docs/service.md", () => {
  test("lists every setting with its variable, its default and what it means", () => {
    const text = readFileSync(new URL("../../docs/service.md", import.meta.url), "utf8");
    const rows = text.split("\n").filter((line) => line.startsWith("| `--"));
    expect(rows).toEqual(
      SETTING_NAMES.map((name) => {
        const { initial, value, meaning } = SETTINGS[name];
        const shown = name === "workers" ? "one a core" : initial === "" ? "none" : `\`${initial}\``;
        return `| \`${flagOf(name)} <${value}>\` | \`${variableOf(name)}\` | ${shown} | ${meaning} |`;
      }),
    );
  });
});
