// A process that holds a tunnel open. It is one of its own because the library's signal handlers end the process they
// are in, and because the tunnel has to close with the server however that ends: then the channel between them closes.

import { startTunnel } from "untun";
import type { ShareMessage } from "./share.ts";

const [target] = process.argv.slice(2);
process.once("disconnect", () => process.exit());

try {
  const tunnel = await startTunnel({
    url: target,
    acceptCloudflareNotice: true,
    extraArgs: ["--no-autoupdate"],
  });
  process.removeAllListeners("disconnect").once("disconnect", () => {
    void tunnel?.close().finally(() => process.exit());
  });
  const url = await tunnel?.getURL();
  tell(url === undefined ? { error: "there is no tunnel" } : { url });
} catch (error) {
  tell({ error: (error as Error).message });
}

function tell(message: ShareMessage): void {
  process.send?.(message);
}
