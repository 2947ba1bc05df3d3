/**
 * A line of at most `most` for all callers together, who are served in turn: whoever comes once waits for no caller's hundredth. When it is
 * full, a caller with fewer in it takes the last place of the one with the most, which `refuse` is told.
 */
export function createFairQueue<Item, Caller = string>(most: number, refuse: (item: Item) => void) {
  const lines = new Map<Caller, Item[]>(); // in the order of their turns; none is empty
  let size = 0;

  function longest(): Item[] {
    let found: Item[] = [];
    for (const line of lines.values()) if (line.length > found.length) found = line;
    return found;
  }
  /** Whether this caller may join. */
  function hasRoom(caller: Caller) {
    return size < most || longest().length > (lines.get(caller)?.length ?? 0) + 1;
  }
  return {
    hasRoom,
    /** Joins the line, for whoever it has room for. */
    push(caller: Caller, item: Item) {
      if (size < most) size++;
      else refuse(longest().pop() as Item); // of two at least, so that no line is empty
      const line = lines.get(caller);
      if (line) line.push(item);
      else lines.set(caller, [item]);
    },
    /** Whose turn it is; undefined when nobody waits. */
    shift(): Item | undefined {
      const [first] = lines;
      if (!first) return undefined;
      const [caller, line] = first;
      const item = line.shift();
      lines.delete(caller);
      if (line.length > 0) lines.set(caller, line);
      size--;
      return item;
    },
    /** Takes all of this caller out of the line, in order. */
    takeAll(caller: Caller): Item[] {
      const line = lines.get(caller) ?? [];
      lines.delete(caller);
      size -= line.length;
      return line;
    },
  };
}
