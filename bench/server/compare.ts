// Processor time an answer of two builds of the service, in turns. Both are up all the time, so that whatever else runs
// disturbs both alike; a turn has a number of requests and not of seconds, so that both are as warm.

import { Agent, request } from "node:http";
import { quantile } from "../measure.ts";
import type { Result } from "../result.ts";
import { secondOfSpeech } from "./load.ts";
import { processorMs } from "./process-memory.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** Requests before anything counts, and of each turn; turns of each build. */
const [WARM_UP, TURN, TURNS] = [1500, 300, 9] as const;

/**
 * Compares two builds.
 *
 * @param options.against Command line of the other build.
 * @param options.cli This build's. Default: that of the checkout.
 * @param options.connections At once.
 * @returns Medians over the turns in ms an answer, and the median of their ratios.
 */
export async function compareServers({
  against,
  cli,
  connections,
}: {
  against: string;
  cli?: string | undefined;
  connections: number;
}): Promise<Result[]> {
  const servers = [await startServerProcess({ cli: against }), await startServerProcess({ cli })];
  const body = await secondOfSpeech();
  const load = (server: ServerProcess, count: number) => ask(server, { body, count, connections });
  for (const server of servers) await load(server, WARM_UP);
  const times: [number, number][] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const both: number[] = [];
    for (const server of servers) {
      const before = processorMs(server.pid);
      await load(server, TURN);
      both.push((processorMs(server.pid) - before) / TURN);
    }
    times.push([both[0]!, both[1]!]);
  }
  for (const server of servers) await server.stop();
  const median = (of: (pair: [number, number]) => number) => quantile(times.map(of), 0.5);
  return [
    { name: "the other build, an answer", value: median(([other]) => other), unit: "ms" },
    { name: "this build, an answer", value: median(([, own]) => own), unit: "ms" },
    { name: "this one of the other", value: median(([other, own]) => own / other), unit: "times" },
  ];
}

async function ask(
  { url }: ServerProcess,
  { body, count, connections }: { body: Buffer; count: number; connections: number },
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  let left = count;
  const lane = async () => {
    while (left-- > 0) await post(`${url}api/classify`, body, agent);
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
}

function post(address: string, body: Buffer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "audio/wav", "content-length": body.length };
    const outgoing = request(address, { method: "POST", agent, headers }, (response) => {
      const { statusCode } = response;
      response.resume().once("end", () => {
        if (statusCode === 200) resolve();
        else reject(new Error(`bench: the server answered ${statusCode}`));
      });
    });
    outgoing.once("error", reject).end(body);
  });
}
