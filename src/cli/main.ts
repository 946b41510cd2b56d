#!/usr/bin/env node
// The command `spoken-digits`.

import { runProgram } from "./program.ts";

// A reader that closes the pipe early (`| head`) wants no more; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await runProgram(process.argv.slice(2));
