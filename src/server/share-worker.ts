// A process that holds a tunnel open. It is one of its own because the library's signal handlers end the process they
// are in, and because the tunnel has to close with the server however that ends: then the channel between them closes.

import { startTunnel } from "untun";
import type { ShareMessage } from "./share.ts";

const [target] = process.argv.slice(2);
// Whoever wanted the tunnel may be gone before this code is loaded.
if (!process.connected) process.exit();
const starting = startTunnel({ url: target, acceptCloudflareNotice: true, extraArgs: ["--no-autoupdate"] });
process.once("disconnect", async () => {
  try {
    await (await starting)?.close();
  } finally {
    process.exit();
  }
});

try {
  const url = await (await starting)?.getURL();
  tell(url === undefined ? { error: "there is no tunnel" } : { url });
} catch (error) {
  tell({ error: (error as Error).message });
}

function tell(message: ShareMessage): void {
  process.send?.(message);
}
