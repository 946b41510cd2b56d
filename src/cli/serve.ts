import type { Command } from "commander";
import { flagOf, SETTING_NAMES, SETTINGS, type SettingTexts } from "../server/settings.ts";

/**
 * Adds `serve`: the page and the API, over HTTP.
 *
 * @param program Is changed.
 */
export function addServeCommand(program: Command): void {
  const command = program.command("serve").description("Serve the page and the API over HTTP.");
  for (const name of SETTING_NAMES) {
    const { value, meaning, initial } = SETTINGS[name];
    const fallback = initial === "" ? "" : ` (default: ${initial})`;
    command.option(`${flagOf(name)} <${value}>`, `${meaning}${fallback}`);
  }
  command.action(serve);
}

async function serve(flags: SettingTexts): Promise<void> {
  const { readSettings } = await import("../server/settings.ts");
  const { createServer } = await import("../server/create-server.ts");
  const settings = readSettings(flags, process.env);
  const server = await createServer(settings);
  await server.listen({ host: settings.host, port: settings.port });
}
