// Calls across a boundary: between a process, a thread or a page on one side and the worker that it started on the other.
// Calls are answered by number; whoever waits first is timed first.

import { type ErrorCode, errorOfCode, SpokenDigitsError } from "../errors.ts";

/** What a worker can be asked: by the name of each call what goes in, what comes back, and what it tells meanwhile. */
export type CallTable = Record<string, { payload: unknown; result: unknown; event?: unknown }>;

/** How a call is made. */
export type CallOptions<Event = unknown> = {
  /** Objects handed over instead of copied, where the boundary can do that. */
  transfer?: readonly object[];
  /** Tells the worker to leave the call; it rejects with the signal's reason when the worker has done so. */
  signal?: AbortSignal;
  /** Told what the worker says before its answer. */
  onEvent?: (event: Event) => void;
  /** Own time of the worker at most, in ms, since no older call is left or it told something; by the clock four times that. */
  timeoutMs?: number;
};

/** The side that asks. */
export type Caller<Table extends CallTable> = {
  /** Calls that the worker has not answered, those given up among them. */
  readonly pending: number;
  /**
   * @param method Name of the call.
   * @param payload Cloned, but for what is transferred.
   * @throws What the worker threw, in its class and with its code where it is an error of this package; the signal's
   *   reason; what ended the worker.
   */
  call<Method extends keyof Table & string>(
    method: Method,
    payload: Table[Method]["payload"],
    options?: CallOptions<Table[Method]["event"]>,
  ): Promise<Table[Method]["result"]>;
};

/** What the side that asks is connected by. */
export type CallerOptions = {
  /** Sends a message to the worker. */
  post: (message: CallMessage, transfer: readonly object[]) => void;
  /** Told what the worker says unasked. */
  onEvent?: (event: unknown) => void;
  /** A call has taken its time: the worker has to be ended. */
  onOverdue?: () => void;
  /** Processor time of the worker so far, in ms. Default: not known; that of the clock counts. */
  workedMs?: () => number;
};

/** Time by the clock at most, as a multiple of the worker's own: a worker that waits for something does not work. */
const MAX_CLOCK_RATIO = 4;

/** Part of a call's time after which the worker's clock is first looked at, in ms at most: most calls are over by then. */
const UNWATCHED_MS = 250;

/** To a worker: a call, or that an earlier one is given up. */
export type CallMessage = { id: number; method: string; payload: unknown } | { abort: number };

/** From a worker: the answer to a call, or an event; one of no call in particular has the id 0. */
export type ReplyMessage =
  | { id: number; result: unknown }
  | { id: number; error: PackedError }
  | { id: number; event: unknown };

type Pending = {
  options: CallOptions;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
  settle: () => void;
};

/** The side that asks, for those who connect it. */
export class CallQueue<Table extends CallTable> implements Caller<Table> {
  readonly #connection: CallerOptions;
  // A Map keeps the order of the calls.
  readonly #pending = new Map<number, Pending>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended: { error: unknown } | undefined;
  #lastId = 0;

  /** @param connection See {@link CallerOptions}. */
  constructor(connection: CallerOptions) {
    this.#connection = connection;
  }

  get pending(): number {
    return this.#pending.size;
  }

  call<Method extends keyof Table & string>(
    method: Method,
    payload: Table[Method]["payload"],
    options: CallOptions<Table[Method]["event"]> = {},
  ): Promise<Table[Method]["result"]> {
    const { signal, transfer = [] } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#ended) return Promise.reject(this.#ended.error);
    const id = ++this.#lastId;
    const onAbort = () => this.#connection.post({ abort: id }, []);
    return new Promise((resolve, reject) => {
      const settle = () => signal?.removeEventListener("abort", onAbort);
      this.#pending.set(id, { options: options as CallOptions, resolve, reject, settle });
      signal?.addEventListener("abort", onAbort);
      if (this.#pending.size === 1) this.#startTimer();
      this.#connection.post({ id, method, payload }, transfer);
    });
  }

  /** @param reply Whatever the worker sent. */
  receive(reply: ReplyMessage): void {
    if ("event" in reply) this.#tell(reply);
    else this.#settle(reply);
  }

  /** The worker has ended. @param error What every call is rejected with, those to come as well. */
  fail(error: unknown): void {
    clearTimeout(this.#timer);
    this.#ended ??= { error };
    for (const { reject, settle } of this.#pending.values()) {
      settle();
      reject(error);
    }
    this.#pending.clear();
  }

  #settle(reply: Exclude<ReplyMessage, { event: unknown }>): void {
    const call = this.#pending.get(reply.id);
    if (!call) return;
    const wasFirst = this.#isFirst(reply.id);
    this.#pending.delete(reply.id);
    if (wasFirst) this.#startTimer();
    call.settle();
    const { signal } = call.options;
    if (!("error" in reply)) call.resolve(reply.result as never);
    else call.reject(signal?.aborted ? signal.reason : unpackError(reply.error));
  }

  #tell({ id, event }: { id: number; event: unknown }): void {
    this.#startTimer();
    if (id === 0) this.#connection.onEvent?.(event);
    else this.#pending.get(id)?.options.onEvent?.(event);
  }

  #isFirst(id: number): boolean {
    return this.#pending.keys().next().value === id;
  }

  /** For the oldest call: a worker that goes about one after another works on that. */
  #startTimer(): void {
    clearTimeout(this.#timer);
    const { timeoutMs } = this.#pending.values().next().value?.options ?? {};
    if (timeoutMs === undefined) return;
    const { workedMs } = this.#connection;
    if (!workedMs) this.#timer = setTimeout(() => this.#connection.onOverdue?.(), timeoutMs);
    else this.#watch(timeoutMs, workedMs);
  }

  /** Looks again when the call could have used up its time. */
  #watch(timeoutMs: number, workedMs: () => number): void {
    const lastAt = performance.now() + MAX_CLOCK_RATIO * timeoutMs;
    const firstMs = Math.min(UNWATCHED_MS, timeoutMs / 2);
    let endMs: number | undefined;
    const look = () => {
      endMs ??= workedMs() - firstMs + timeoutMs;
      const leftMs = Math.min(endMs - workedMs(), lastAt - performance.now());
      if (leftMs <= 0) this.#connection.onOverdue?.();
      else this.#timer = setTimeout(look, Math.ceil(leftMs));
    };
    this.#timer = setTimeout(look, firstMs);
  }
}

/** What the answer to a call may use. */
type CallContext<Event = unknown> = {
  /** Aborted when the call is given up. */
  signal: AbortSignal;
  /** Tells the caller something before the answer. */
  tell: (event: Event) => void;
};

/** A worker's answers, by the names of the calls. */
export type CallHandlers<Table extends CallTable> = {
  [Method in keyof Table]: (
    payload: Table[Method]["payload"],
    context: CallContext<Table[Method]["event"]>,
  ) => Table[Method]["result"] | Promise<Table[Method]["result"]>;
};

/** What a worker is connected by. */
export type WorkerPort = {
  /** Sends a message to whoever started the worker. */
  post(reply: ReplyMessage): void;
  /** Called once. @param onMessage Told each message that comes. */
  listen(onMessage: (message: CallMessage) => void): void;
};

/**
 * Answers calls from now on.
 *
 * @param port Where they come from.
 * @param handlers What each does.
 * @param options.oneByOne Whether a call is begun only when the one before is answered. Default: false.
 * @returns Tells the other side something unasked.
 */
export function answerCalls<Table extends CallTable>(
  port: WorkerPort,
  handlers: CallHandlers<Table>,
  { oneByOne = false }: { oneByOne?: boolean } = {},
): (event: unknown) => void {
  const controllers = new Map<number, AbortController>();
  let previous: Promise<void> = Promise.resolve();
  const answer = async (id: number, method: string, payload: unknown, signal: AbortSignal) => {
    try {
      signal.throwIfAborted();
      const context = { signal, tell: (event: unknown) => port.post({ id, event }) };
      port.post({ id, result: await handlers[method]!(payload, context) });
    } catch (error) {
      port.post({ id, error: packError(error) });
    }
    controllers.delete(id);
  };
  port.listen((message) => {
    if ("abort" in message) return controllers.get(message.abort)?.abort();
    const { id, method, payload } = message;
    const controller = new AbortController();
    controllers.set(id, controller);
    const begin = () => answer(id, method, payload, controller.signal);
    previous = oneByOne ? previous.then(begin) : begin();
  });
  return (event) => port.post({ id: 0, event });
}

/** An error in a form that can be cloned: instances of classes do not survive the way between threads. */
export type PackedError = { code: ErrorCode | null; message: string; stack?: string };

/** @param error Anything thrown. */
export function packError(error: unknown): PackedError {
  const code = error instanceof SpokenDigitsError ? error.code : null;
  if (!(error instanceof Error)) return { code, message: String(error) };
  return { code, message: error.message, stack: error.stack };
}

/**
 * The error that was packed, of the same class where it is one of this package.
 *
 * @param options See {@link packError}; code, message and stack are kept.
 */
export function unpackError({ code, message, stack }: PackedError): Error {
  const error = code ? errorOfCode(code, message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
