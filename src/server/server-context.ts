import type { ProcessEndedError } from "../workers/process-ended.ts";
import type { ClassifierPool } from "./classifier-pool.ts";
import type { ConnectionTable } from "./connection-table.ts";
import type { DropReport } from "./drops.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Metrics } from "./metrics.ts";
import type { ServerSettings } from "./settings.ts";
import type { UploadRoom } from "./upload-room.ts";

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
  /** All connections. */
  readonly connections: ConnectionTable;
  /** The bytes of all requests under way. */
  readonly uploads: UploadRoom;
  /** Told of what is closed or refused to keep the server free. */
  readonly drop: DropReport;
};
