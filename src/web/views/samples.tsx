import { openFile, tell } from "../state/clip-actions.ts";
import { wordFor } from "../state/plain-words.ts";

const URLS = import.meta.glob<string>("../../../fixtures/samples/*.wav", {
  eager: true,
  query: "?url",
  import: "default",
});

/** Recordings to try, one for each digit. */
export function Samples() {
  return (
    <section class="samples" aria-labelledby="samples-title">
      <h2 id="samples-title">Or try a sample</h2>
      <ul>
        {Object.values(URLS).map((url, digit) => (
          <li key={url}>
            <button
              type="button"
              onClick={() => openSample(url, digit)}
              aria-label={`Sample ${digit}: ${wordFor(digit)}`}
            >
              {digit}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function openSample(url: string, digit: number): Promise<void> {
  try {
    const response = await fetch(url);
    await openFile(await response.blob(), `Sample “${wordFor(digit)}”`, "sample");
  } catch (error) {
    tell(error);
  }
}
