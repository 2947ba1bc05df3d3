import type { SuggestionRow } from "./read-suggestions";
import { mixSuggestions } from "./suggest";

const many = (kind: SuggestionRow["kind"], count: number): SuggestionRow[] =>
  Array.from({ length: count }, (_, index) => ({ kind, text: `${kind} ${index}`, uuid: null }));
const counts = (rows: SuggestionRow[]) => rows.map(({ kind }) => kind[0]).join("");

test("each kind has its share, in a fixed order", () => {
  const rows = [...many("word", 8), ...many("product", 8), ...many("collection", 8)];
  expect(counts(mixSuggestions(rows, 8))).toBe("ccppppww");
  expect(counts(mixSuggestions(rows, 1))).toBe("c");
});

test("what one kind lacks, the others fill", () => {
  expect(counts(mixSuggestions([...many("product", 8), ...many("word", 1)], 8))).toBe("pppppppw");
  expect(counts(mixSuggestions(many("word", 3), 8))).toBe("www");
});

test("a word that is a title already is not said again", () => {
  const rows = [...many("product", 1), { kind: "word" as const, text: "Product 0", uuid: null }];
  expect(counts(mixSuggestions(rows, 8))).toBe("p");
});
