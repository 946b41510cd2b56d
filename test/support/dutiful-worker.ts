import { type CallMessage, CallQueue } from "../../src/workers/calls.ts";
import { type EndReason, ProcessEndedError } from "../../src/workers/process-ended.ts";
import type { WorkerProcess } from "../../src/workers/worker-process.ts";

/** What a {@link DutifulWorker} can be asked. */
export type Calls = { work: { payload: { order: number; length: number }; result: number; event: string } };

/** What becomes of a call; `TELL` says something each minute, `LATE` takes 900 ms. */
export const Order = { ANSWER: 0, HANG: 1, FAULT: 2, EXIT: 3, BLOAT: 4, TELL: 5, LATE: 6 } as const;

/** All that were started. */
export const started: DutifulWorker[] = [];

/** A worker in this process that does what the payload says, one call after another. */
export class DutifulWorker implements WorkerProcess<Calls> {
  readonly pid = undefined;
  readonly ended: Promise<ProcessEndedError>;
  readonly worn: Promise<void>;
  readonly aborted: number[] = [];
  /** Has it be worn. */
  wear: () => void = () => undefined;
  readonly #calls = new CallQueue<Calls>({
    post: (message) => queueMicrotask(() => this.#take(message)),
    onOverdue: () => this.kill("time"),
  });
  readonly #waiting: Extract<CallMessage, { id: number }>[] = [];
  #isEnding = false;
  #isRetired = false;
  #isBusy = false;
  #end: (end: ProcessEndedError) => void = () => undefined;

  constructor() {
    this.worn = new Promise((resolve) => {
      this.wear = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    started.push(this);
  }
  get pending(): number {
    return this.#calls.pending;
  }
  get isEnding(): boolean {
    return this.#isEnding || this.#isRetired;
  }
  call: WorkerProcess<Calls>["call"] = (method, payload, options) =>
    this.#calls.call(method, payload, options);
  retire(): void {
    this.#isRetired = true;
    if (this.pending === 0) this.kill("asked");
  }
  kill(reason: EndReason): void {
    this.#isEnding = true;
    const end = new ProcessEndedError(reason, "on purpose");
    queueMicrotask(() => {
      this.#calls.fail(end);
      this.#end(end);
    });
  }
  async end(): Promise<void> {
    this.kill("asked");
    await this.ended;
  }
  #take(message: CallMessage): void {
    if ("abort" in message) this.aborted.push(message.abort);
    else this.#waiting.push(message);
    if (!this.#isBusy) this.#next();
  }
  #next(): void {
    const message = this.#waiting.shift();
    if (!message || this.#isEnding) return;
    const { id } = message;
    const { order, length } = message.payload as Calls["work"]["payload"];
    this.#isBusy = order === Order.HANG || order === Order.TELL || order === Order.LATE;
    if (order === Order.EXIT) this.kill("crash");
    if (order === Order.BLOAT) this.kill("memory");
    if (order === Order.TELL) setTimeout(() => this.#calls.receive({ id, event: "half done" }), 60_000);
    if (order === Order.LATE) setTimeout(() => this.#answer(id, length), 900);
    if (this.#isBusy || this.#isEnding) return;
    if (order === Order.FAULT) this.#calls.receive({ id, error: { code: null, message: "on purpose" } });
    else this.#answer(id, length);
  }
  #answer(id: number, result: number): void {
    this.#isBusy = false;
    this.#calls.receive({ id, result });
    if (this.#isRetired && this.pending === 0) this.kill("asked");
    queueMicrotask(() => this.#next());
  }
}
