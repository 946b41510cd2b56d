import { endOnInterrupt } from "./interruption.ts";

/** Shows on a terminal how far a long task is. */
export type ProgressBar = {
  /**
   * @param done How much is done, in any unit.
   * @param total How much there is, undefined when that is not known.
   */
  update(done: number, total?: number): void;
  /** Takes the bar away. May be called twice. */
  end(): void;
};

/** Settings of {@link createProgressBar}. */
export type ProgressBarOptions = {
  /** Words before the bar, for example `Downloading`. */
  label: string;
  /** An amount in words, for example `1.5 MB`. Default: the bare number. */
  format?: (amount: number) => string;
  /** Where it is drawn; nowhere unless it is a terminal. Default: standard error. */
  stream?: { isTTY?: boolean; columns?: number; write(text: string): unknown };
  /** Whether the pace a second is shown as well. Default: false. */
  rate?: boolean;
  /** Where the stream is no terminal, how often a line is written to it, in ms. Default: never. */
  logEveryMs?: number;
  /** The time in milliseconds. Default: `performance.now`. */
  now?: () => number;
};

const BAR_WIDTH = 24;
const MIN_INTERVAL_MS = 80;

/** Makes a progress bar, with the time left by the pace so far. @param options See {@link ProgressBarOptions}. */
export function createProgressBar(options: ProgressBarOptions): ProgressBar {
  const { label, format = String, stream = process.stderr, now = () => performance.now() } = options;
  const { rate = false, logEveryMs = Number.POSITIVE_INFINITY } = options;
  const started = now();
  const intervalMs = stream.isTTY ? MIN_INTERVAL_MS : logEveryMs;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    update(done, total) {
      const isLast = done === total;
      if (intervalMs === Number.POSITIVE_INFINITY || (now() - drawnAt < intervalMs && !isLast)) return;
      drawnAt = now();
      const text = `${label} ${describe({ done, total, elapsedMs: drawnAt - started, format, rate })}`;
      if (!stream.isTTY) return void stream.write(`${text}\n`);
      isShown = true;
      stream.write(`\r${text.slice(0, (stream.columns ?? 80) - 1)}\x1b[K`);
    },
    end() {
      if (isShown) stream.write("\r\x1b[K");
      isShown = false;
    },
  };
}

/**
 * Does work that the first Ctrl-C ends, and shows how far it is.
 *
 * @param options See {@link ProgressBarOptions}.
 * @param work As of {@link endOnInterrupt}; tells `onProgress` how far it is.
 */
export async function withProgress<Result>(
  options: ProgressBarOptions,
  work: (signal: AbortSignal, onProgress: ProgressBar["update"]) => Promise<Result>,
): Promise<Result> {
  const bar = createProgressBar(options);
  return endOnInterrupt((signal) => work(signal, bar.update)).finally(bar.end);
}

function describe(state: {
  done: number;
  total: number | undefined;
  elapsedMs: number;
  format: (amount: number) => string;
  rate: boolean;
}): string {
  const { done, total, elapsedMs, format, rate } = state;
  const pace = rate && elapsedMs > 0 ? `  ${format(Math.round((1000 * done) / elapsedMs))} /s` : "";
  if (!total) return format(done) + pace;
  const share = Math.min(1, done / total);
  const bar = "#".repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, "-");
  const left = share > 0 && share < 1 ? `  ${formatDuration((elapsedMs / share) * (1 - share))} left` : "";
  return `[${bar}] ${Math.floor(share * 100)} %  ${format(done)} / ${format(total)}${pace}${left}`;
}

function formatDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
