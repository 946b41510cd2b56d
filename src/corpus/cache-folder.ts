import { homedir } from "node:os";
import { join } from "node:path";

/** What {@link cacheFolder} goes by; each defaults to the machine's own. */
export type CacheFolderOptions = {
  /** Environment variables. Default: `process.env`. */
  env?: Record<string, string | undefined>;
  /** Default: `process.platform`. */
  platform?: NodeJS.Platform;
  /** The user's home folder. Default: `os.homedir()`. */
  home?: string;
};

/**
 * The folder in which downloads are kept: `SPOKEN_DIGITS_CACHE`; else `spoken-digits` below `XDG_CACHE_HOME`, below
 * `%LOCALAPPDATA%` on Windows, below `~/Library/Caches` on macOS, below `~/.cache` elsewhere. It may not exist yet.
 * An empty variable counts as unset.
 */
export function cacheFolder(options: CacheFolderOptions = {}): string {
  const { env = process.env, platform = process.platform, home = homedir() } = options;
  if (env.SPOKEN_DIGITS_CACHE) return env.SPOKEN_DIGITS_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "spoken-digits");
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "spoken-digits");
  if (platform === "darwin") return join(home, "Library", "Caches", "spoken-digits");
  return join(home, ".cache", "spoken-digits");
}
