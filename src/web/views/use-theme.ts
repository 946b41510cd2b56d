import { useEffect, useRef, useState } from "preact/hooks";
import { createScope } from "../scope.ts";

/** How the page is shown. */
export type Theme = "light" | "dark";

const isDark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is shown light or dark; changes with the system's setting. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(currentTheme());
  useEffect(() => {
    const scope = createScope();
    scope.listen(isDark, "change", () => setTheme(currentTheme()));
    return () => scope.dispose();
  }, []);
  return theme;
}

/** Does something at each later change of the theme. @param react What to do. */
export function useThemeChange(react: () => void): void {
  const latest = useRef(react);
  latest.current = react;
  useEffect(() => {
    const scope = createScope();
    scope.listen(isDark, "change", () => latest.current());
    return () => scope.dispose();
  }, []);
}

function currentTheme(): Theme {
  return isDark.matches ? "dark" : "light";
}
