import { commit, createRepo, HubApiError, repoExists } from "@huggingface/hub";
import { HubError, InvalidArgumentError } from "../errors.ts";
import type { HubFile } from "./hub-files.ts";

/** Where to, and as whom. */
export type UploadModelOptions = {
  /** `OWNER/NAME`; made where it is not there. */
  repo: string;
  /** An access token of the hub, which may write there. */
  token: string | undefined;
  /** Whether only its owner sees a repository that is made. Default: as the owner's settings say, mostly everybody. */
  private?: boolean;
  /** Address of the hub. Default: `https://huggingface.co`. */
  hubUrl?: string;
  /** Title of the commit. Default: `Upload model`. */
  title?: string;
  /** Longest time for one request, in milliseconds, > 0. Default: 300,000. */
  requestTimeoutMs?: number;
  /** Ends the upload; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** Where the files are now. */
export type UploadedModel = { url: string; commitUrl: string };

const HUB_URL = "https://huggingface.co";
// Letters, digits, dots, dashes and underscores, no dots or dashes at the ends or in a row; the hub's own rule.
const NAME = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/;

/**
 * Uploads files in one commit. Files of the repository that are not among them stay.
 *
 * @param files Of `hubFiles`.
 * @param options See {@link UploadModelOptions}.
 * @throws {InvalidArgumentError} `repo` is no name of a repository, or `requestTimeoutMs` is out of range.
 * @throws {HubError} `hub-token`: there is none, or it is no token; `hub-denied`: it may not write there; `hub-unreachable`: no
 *   connection, or no answer in time; `hub-rejected`: any other answer of the hub.
 */
export async function uploadModel(
  files: readonly HubFile[],
  options: UploadModelOptions,
): Promise<UploadedModel> {
  const { repo, hubUrl = HUB_URL, title = "Upload model", requestTimeoutMs = 300_000, signal } = options;
  checkRepo(repo);
  if (!(requestTimeoutMs > 0)) {
    throw new InvalidArgumentError(`uploadModel: requestTimeoutMs must be > 0, got ${requestTimeoutMs}`);
  }
  const accessToken = checkToken(options.token);
  const hub = { repo, hubUrl, accessToken, fetch: limitedFetch(requestTimeoutMs, signal) };
  try {
    if (!(await repoExists(hub)))
      await create({ ...hub, visibility: options.private ? "private" : undefined });
    const operations = files.map(({ path, content }) => ({
      operation: "addOrUpdate" as const,
      path,
      content: new Blob([content]),
    }));
    const output = await commit({ ...hub, title, operations, abortSignal: signal });
    return { url: `${hubUrl}/${repo}`, commitUrl: output?.commit.url ?? `${hubUrl}/${repo}` };
  } catch (cause) {
    signal?.throwIfAborted();
    throw toHubError(cause, { repo, hubUrl });
  }
}

function checkRepo(repo: string): void {
  const parts = repo.split("/");
  if (parts.length === 2 && parts.every((part) => NAME.test(part))) return;
  throw new InvalidArgumentError(`uploadModel: repo must be OWNER/NAME, got ${JSON.stringify(repo)}`);
}

function checkToken(token: string | undefined): string {
  if (token?.startsWith("hf_")) return token;
  throw new HubError(
    "hub-token",
    `uploadModel: expected an access token of the hub, which begins with hf_, got ${token ? "something else" : "none"}; ` +
      "make one that may write at huggingface.co/settings/tokens and put it into the variable HF_TOKEN",
  );
}

/** The hub's own timeouts are none: a silent server would be waited for until the end of time. */
function limitedFetch(timeoutMs: number, signal: AbortSignal | undefined): typeof fetch {
  return (input, init) => {
    const signals = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : []), init?.signal];
    return fetch(input, {
      ...init,
      signal: AbortSignal.any(signals.filter((one) => one instanceof AbortSignal)),
    });
  };
}

async function create(options: Parameters<typeof createRepo>[0]): Promise<void> {
  try {
    await createRepo(options);
  } catch (error) {
    // Somebody has made it meanwhile.
    if (!(error instanceof HubApiError && error.statusCode === 409)) throw error;
  }
}

function toHubError(cause: unknown, { repo, hubUrl }: { repo: string; hubUrl: string }): HubError {
  const { message, name } = cause as Error;
  if (cause instanceof HubApiError) {
    const isDenied = cause.statusCode === 401 || cause.statusCode === 403;
    const answer = `${hubUrl} answered ${cause.statusCode}: ${message}`;
    return isDenied
      ? new HubError("hub-denied", `uploadModel: the token may not write to ${repo}; ${answer}`, { cause })
      : new HubError("hub-rejected", `uploadModel: ${answer}`, { cause });
  }
  if (name === "TimeoutError") {
    return new HubError("hub-unreachable", `uploadModel: ${hubUrl} did not answer in time`, { cause });
  }
  if (cause instanceof TypeError && message === "fetch failed") {
    const reason = cause.cause instanceof Error ? `: ${cause.cause.message || cause.cause.name}` : "";
    return new HubError("hub-unreachable", `uploadModel: ${hubUrl} cannot be reached${reason}`, { cause });
  }
  const what = `something else than the hub's answers came from ${hubUrl}`;
  return new HubError("hub-rejected", `uploadModel: ${what}: ${message}`, { cause });
}
