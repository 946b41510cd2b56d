#!/usr/bin/env node
// The command `spoken-digits`.

import { runProgram } from "./program.ts";

// ONNX Runtime reports its use to Microsoft, and keeps an id of the machine for that, unless this is set by its first session. Threads do
// not set it themselves: they have a copy of the environment.
process.env.ORT_DISABLE_TELEMETRY ??= "1";

// A reader that closes the pipe early (`| head`) wants no more; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2));
