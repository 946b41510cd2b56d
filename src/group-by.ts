/**
 * Items by a key. Node.js 20 lacks `Map.groupBy`.
 *
 * @param items Any.
 * @param keyOf The key of an item, which it may take from the item's place.
 * @returns Groups in the order of their first items, each in the order given.
 */
export function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
