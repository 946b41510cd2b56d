// What the portable folders use of the surroundings: both Node and browsers have it.

declare const performance: { now(): number };

declare class URL {
  constructor(address: string, base?: string | URL);
  readonly href: string;
}
declare const console: Record<"error" | "warn" | "log", (...values: unknown[]) => void>;
