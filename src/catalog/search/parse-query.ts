/** What was typed, cut into the words that documents are cut into (SQL's search_text). */
export type ParsedQuery = {
  /** Lower case; letters and digits only */
  words: string[];
  /** Nothing but blanks was typed: everything is asked for */
  everything: boolean;
};

const WORD = /[\p{L}\p{Nd}]+/gu;

/** Cuts a query into words; punctuation and emoji only separate them. */
export function parseQuery(query: string): ParsedQuery {
  const words = query.normalize("NFKC").toLowerCase().match(WORD) ?? [];
  return { words, everything: query.trim() === "" };
}

/** Puts corrected words in the place of the typed ones and keeps what is between them. */
export const replaceWords = (query: string, corrections: Map<string, string>) =>
  query.normalize("NFKC").replace(WORD, (word) => corrections.get(word.toLowerCase()) ?? word);
