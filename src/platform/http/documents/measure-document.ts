import { type DocumentNode, Kind, type SelectionNode, type SelectionSetNode, visit } from "graphql";
import { type Fragments, spreadBy } from "./fragments";

/** A selection set with its fragments spread out: fields below each other, and selections in all. */
export type Size = { depth: number; selections: number };

const NOTHING: Size = { depth: 0, selections: 0 };
/** A fragment within itself. */
const ENDLESS: Size = { depth: Number.POSITIVE_INFINITY, selections: Number.POSITIVE_INFINITY };

/** Introspection is deeper than any question about goods; graphql-js itself stops it from going round in circles. */
const INTROSPECTION = ["__schema", "__type"];

/** Measures the selection sets of a document, each fragment once, however often and however deep it is spread. */
export function sizes(fragments: Fragments): (set: SelectionSetNode) => Size {
  const known = new Map<SelectionSetNode, Size>();

  function sizeOf(set: SelectionSetNode): Size {
    const seen = known.get(set);
    if (seen) return seen;
    known.set(set, ENDLESS); // what it is as long as it is met within itself
    const inner = set.selections.map(sizeBehind);
    const size = {
      depth: Math.max(...inner.map(({ depth }) => depth)),
      selections: inner.reduce((sum, { selections }) => sum + selections, inner.length),
    };
    known.set(set, size);
    return size;
  }
  function sizeBehind(selection: SelectionNode): Size {
    if (selection.kind !== Kind.FIELD) {
      const spread = spreadBy(selection, fragments);
      return spread ? sizeOf(spread) : NOTHING;
    }
    const below = selection.selectionSet ? sizeOf(selection.selectionSet) : NOTHING;
    return { ...below, depth: INTROSPECTION.includes(selection.name.value) ? 1 : below.depth + 1 };
  }
  return sizeOf;
}

/** What a document holds as it is written: its aliases, its directives, and how often one selection set asks for the same answer. */
export function countParts(document: DocumentNode) {
  const parts = { aliases: 0, directives: 0, repeats: 0 };
  visit(document, {
    Field({ alias }) {
      if (alias) parts.aliases++;
    },
    Directive() {
      parts.directives++;
    },
    SelectionSet({ selections }) {
      const times = new Map<string, number>();
      for (const selection of selections) {
        if (selection.kind !== Kind.FIELD) continue;
        const key = (selection.alias ?? selection.name).value;
        times.set(key, (times.get(key) ?? 0) + 1);
      }
      parts.repeats = Math.max(parts.repeats, ...times.values());
    },
  });
  return parts;
}
