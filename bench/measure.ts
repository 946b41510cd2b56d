// Timing of calls. What is compared runs in turn, one call of each after the other, so that whatever else the machine
// does falls on all alike.

/** How long calls took. */
export type Timing = {
  /** From call to result, in ms: half of the calls took no longer. */
  medianMs: number;
  /** 95 of 100 calls took no longer. */
  p95Ms: number;
  /** Mean processor time a call, over all threads of this process, in ms: other programs hardly change it. */
  cpuMs: number;
};

/** How long to measure. */
export type TimingOptions = {
  /** Measured time for each of what is compared, in ms; at least MIN_CALLS calls are made. Default: 2000. */
  durationMs?: number;
  /** Time before that, not counted, for the compiler and the caches, in ms. Default: 300. */
  warmUpMs?: number;
};

const MIN_CALLS = 5;

/**
 * Times one thing.
 *
 * @param call What to time; gets the number of the call, from 0.
 * @param options See {@link TimingOptions}.
 */
export async function timeCalls(
  call: (index: number) => unknown,
  options: TimingOptions = {},
): Promise<Timing> {
  return (await compareCalls({ call }, options)).call;
}

/**
 * Times several things in turn.
 *
 * @param calls What to time, by name; each gets the number of its call, from 0.
 * @param options See {@link TimingOptions}.
 */
export async function compareCalls<Name extends string>(
  calls: Record<Name, (index: number) => unknown>,
  { durationMs = 2000, warmUpMs = 300 }: TimingOptions = {},
): Promise<Record<Name, Timing>> {
  const names = Object.keys(calls) as Name[];
  await runInTurn(names, { durationMs: warmUpMs * names.length }, (name, i) => calls[name](i));
  const times = new Map(names.map((name) => [name, { wallMs: [] as number[], cpuMs: 0 }]));
  await runInTurn(names, { durationMs: durationMs * names.length, minRounds: MIN_CALLS }, async (name, i) => {
    const time = times.get(name)!;
    const cpu = process.cpuUsage();
    const start = performance.now();
    await calls[name](i);
    time.wallMs.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    time.cpuMs += (user + system) / 1000;
  });
  const timings = names.map((name) => [name, summarise(times.get(name)!)]);
  return Object.fromEntries(timings) as Record<Name, Timing>;
}

/**
 * The value below which a share of the values lies.
 *
 * @param values At least one, in any order.
 * @param share 0..1; 0.5 is the median.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

async function runInTurn<Name>(
  names: readonly Name[],
  { durationMs, minRounds = 1 }: { durationMs: number; minRounds?: number },
  run: (name: Name, index: number) => unknown,
): Promise<void> {
  const end = performance.now() + durationMs;
  for (let i = 0; i < minRounds || performance.now() < end; i++) {
    for (const name of names) await run(name, i);
  }
}

function summarise({ wallMs, cpuMs }: { wallMs: number[]; cpuMs: number }): Timing {
  return { medianMs: quantile(wallMs, 0.5), p95Ms: quantile(wallMs, 0.95), cpuMs: cpuMs / wallMs.length };
}
