import { spawn } from "node:child_process";

/**
 * Opens a page where there is a desktop to open it on.
 *
 * @param url Its address, which should have been printed for all others.
 */
export function openBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  const hasDesktop =
    process.platform === "win32" || process.platform === "darwin" || DISPLAY || WAYLAND_DISPLAY;
  if (!hasDesktop || CI) return;
  const [command, ...rest] = openCommand(url);
  const child = spawn(command, rest, { stdio: "ignore", detached: true });
  child.on("error", () => process.stdout.write("Open that address in a browser.\n"));
  child.unref();
}

function openCommand(url: string): [string, ...string[]] {
  if (process.platform === "win32") return ["cmd", "/c", "start", "", url];
  return process.platform === "darwin" ? ["open", url] : ["xdg-open", url];
}
