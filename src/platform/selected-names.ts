import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from "graphql";

/** Names of fields, at any depth. */
export type Names = ReadonlySet<string>;

/** Documents are parsed once and executed often: the same node means the same selection. */
const known = new WeakMap<FieldNode, Names>();

/**
 * The names of all fields selected anywhere below the field being resolved, through fragments and whatever @skip says: what a
 * statement must bring at most. A name too many costs a sub-select, never a wrong answer.
 */
export function selectedNames(info: GraphQLResolveInfo): Names {
  const [first, ...others] = info.fieldNodes;
  if (first && others.length === 0) {
    const names = known.get(first) ?? collect(info, [first]);
    known.set(first, names);
    return names;
  }
  return collect(info, info.fieldNodes);
}

function collect(info: GraphQLResolveInfo, nodes: readonly FieldNode[]): Names {
  const names = new Set<string>();
  const fragments = new Set<string>();
  const visit = (selection: SelectionSetNode | undefined) => {
    for (const node of selection?.selections ?? []) {
      if (node.kind === "Field") names.add(node.name.value);
      if (node.kind !== "FragmentSpread") visit(node.selectionSet);
      else if (!fragments.has(node.name.value)) {
        fragments.add(node.name.value);
        visit(info.fragments[node.name.value]?.selectionSet);
      }
    }
  };
  for (const node of nodes) visit(node.selectionSet);
  return names;
}
