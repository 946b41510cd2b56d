/** Sends files to a running service. */
export class ServiceTarget {
  readonly #url: URL;

  /** @param url Of the service: `http://127.0.0.1:8080`. */
  constructor(url: string) {
    this.#url = new URL("/api/classify", url);
  }

  /**
   * @param bytes A file.
   * @returns The status; `fault` where the service is gone, takes longer than 5 s, or says 500.
   */
  async run(bytes: Uint8Array): Promise<{ outcome: string; fault?: string }> {
    try {
      const signal = AbortSignal.timeout(5000);
      const headers = { "content-type": "application/octet-stream" };
      const response = await fetch(this.#url, {
        method: "POST",
        body: Uint8Array.from(bytes),
        headers,
        signal,
      });
      const text = await response.text();
      const outcome = `HTTP ${response.status}`;
      return response.status === 500 ? { outcome, fault: `${outcome}: ${text.slice(0, 200)}` } : { outcome };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { outcome: "no answer", fault: `no answer: ${reason}` };
    }
  }

  /** Does nothing: a service is not this program's to end. */
  stop(): void {
    return;
  }
}
