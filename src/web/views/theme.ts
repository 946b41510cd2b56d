import { signal } from "@preact/signals";

/** How the page is shown. */
export type Theme = "light" | "dark";

const isDark = matchMedia("(prefers-color-scheme: dark)");
const current = (): Theme => (isDark.matches ? "dark" : "light");

/** Whether the page is shown light or dark; changes with the system's setting. */
export const theme = signal(current());
isDark.addEventListener("change", () => {
  theme.value = current();
});
