import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cacheFolder } from "./cache-folder.ts";

const home = join("/", "home", "ana");

describe("cacheFolder", () => {
  it("takes SPOKEN_DIGITS_CACHE as it is, before all else", () => {
    const env = { SPOKEN_DIGITS_CACHE: "somewhere", XDG_CACHE_HOME: "/xdg" };
    expect(cacheFolder({ env, platform: "linux", home })).toBe("somewhere");
  });

  it("makes its own folder below XDG_CACHE_HOME, on every system", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      expect(cacheFolder({ env: { XDG_CACHE_HOME: "/xdg" }, platform, home })).toBe(
        join("/xdg", "spoken-digits"),
      );
    }
  });

  it.each([
    ["linux", join(home, ".cache", "spoken-digits")],
    ["darwin", join(home, "Library", "Caches", "spoken-digits")],
    ["win32", join(home, "AppData", "Local", "spoken-digits")],
  ] as const)("follows the custom of %s", (platform, expected) => {
    expect(cacheFolder({ env: { SPOKEN_DIGITS_CACHE: "", XDG_CACHE_HOME: "" }, platform, home })).toBe(
      expected,
    );
  });

  it("takes LOCALAPPDATA on Windows", () => {
    const env = { LOCALAPPDATA: "D:/Local" };
    expect(cacheFolder({ env, platform: "win32", home })).toBe(join("D:/Local", "spoken-digits"));
  });
});
