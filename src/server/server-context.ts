import type { ProcessEndedError } from "../workers/process-ended.ts";
import type { ClassifierPool } from "./classifier-pool.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Metrics } from "./metrics.ts";
import type { ServerSettings } from "./settings.ts";

/** What every route is given. */
export type ServerContext = {
  /** What the server was told. */
  readonly settings: ServerSettings;
  /** Classifies recordings, in processes of their own. */
  readonly pool: ClassifierPool;
  /** Counts what happens. */
  readonly metrics: Metrics;
  /** What is under way, and whether the server is being shut down. */
  readonly lifecycle: Lifecycle;
  /** Told each time a process that decodes or hears has ended and was not asked to. */
  readonly onWorkerEnded: (end: ProcessEndedError) => void;
};
