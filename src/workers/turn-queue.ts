/** Items of a line that may wait before others are sent to the line beside it. */
const SHORT_LINE = 16;

/** The line beside one: for those of whom there are many. @param name Of the one. */
export function lineBeside(name: string): string {
  return `${name} beside`;
}

/**
 * Items that wait in lines which take turns: whoever sends many waits behind his own alone. Within a line it goes by the
 * order of arrival.
 */
export class TurnQueue<Item extends { readonly line: string }> {
  // A Map and a Set keep an order and forget any member at once. No line is empty; the first one's turn is next.
  readonly #lines = new Map<string, Set<Item>>();

  /** Items that wait. */
  get size(): number {
    let sum = 0;
    for (const { size } of this.#lines.values()) sum += size;
    return sum;
  }

  /** The item whose turn is next. */
  get first(): Item | undefined {
    return this.#lines.values().next().value?.values().next().value;
  }

  /** Puts an item at the end of its line. @param item Does not wait yet. */
  push(item: Item): void {
    const line = this.#lines.get(item.line);
    if (line) line.add(item);
    else this.#lines.set(item.line, new Set([item]));
  }

  /** Gives an item the next turn. @param item Does not wait. */
  putBack(item: Item): void {
    const line = this.#lines.get(item.line) ?? [];
    const others = [...this.#lines].filter(([name]) => name !== item.line);
    this.#lines.clear();
    this.#lines.set(item.line, new Set([item, ...line]));
    for (const [name, other] of others) this.#lines.set(name, other);
  }

  /** Takes {@link first} out, and gives the next line its turn. @returns It. */
  shift(): Item | undefined {
    const { first } = this;
    if (!first) return undefined;
    const line = this.#lines.get(first.line)!;
    line.delete(first);
    this.#lines.delete(first.line);
    if (line.size > 0) this.#lines.set(first.line, line);
    return first;
  }

  /** Takes an item out, if it waits. @param item Any. */
  delete(item: Item): void {
    const line = this.#lines.get(item.line);
    line?.delete(item);
    if (line?.size === 0) this.#lines.delete(item.line);
  }

  /**
   * The line for one more: the named one or, where many wait there, that beside it. So whoever comes after hundreds at once
   * does not wait for all of them.
   *
   * @param name Of the line.
   */
  lineFor(name: string): string {
    return (this.#lines.get(name)?.size ?? 0) < SHORT_LINE ? name : lineBeside(name);
  }

  /** How many items come before one that joins a line now. @param name Of the line. */
  countAhead(name: string): number {
    const own = this.#lines.get(name)?.size ?? 0;
    let [sum, turns] = [0, own + 1];
    for (const [other, { size }] of this.#lines) {
      if (other === name) turns = own;
      sum += Math.min(size, turns);
    }
    return sum;
  }

  /**
   * The item that makes way where there is no room: the last of the longest line.
   *
   * @param name Of the line that one more would join.
   * @returns None where that is the longest.
   */
  lastOfLonger(name: string): Item | undefined {
    const own = this.#lines.get(name)?.size ?? 0;
    const [longest] = [...this.#lines.values()].sort((a, b) => b.size - a.size);
    return longest && longest.size > own + 1 ? [...longest].at(-1) : undefined;
  }
}
