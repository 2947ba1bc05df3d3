import { parseQuery, replaceWords } from "./parse-query";

test.each([
  ["Wireless Headphones", ["wireless", "headphones"]],
  ["  wi-fi, and/or  ", ["wi", "fi", "and", "or"]],
  ["o'neill's", ["o", "neill", "s"]],
  ["Cafe\u0301 ﬁne", ["café", "fine"]],
  ['tea & !coffee | (milk:*) <-> \\ % _ "x" \'', ["tea", "coffee", "milk", "x"]],
  ["🎧 !!!", []],
])("%j falls into words without any syntax", (query, words) => {
  expect(parseQuery(query)).toEqual({ words, everything: false });
});

test.each(["", " ", "\t\n"])("%j asks for everything", (query) => {
  expect(parseQuery(query)).toEqual({ words: [], everything: true });
});

test("corrected words take the place of the typed ones; the rest stays", () => {
  const corrections = new Map([["hedphones", "headphones"]]);
  expect(replaceWords("Hedphones, black!", corrections)).toBe("headphones, black!");
});
