/** Lines of a cart. */
export const MOST_LINES = 100;
/** Pieces of a line; the database checks the same. */
export const MOST_PER_LINE = 999;
/** Minor units of a line: 100 such lines, taxed at 100 %, stay below 2^53 and so exact in JSON. */
export const MOST_PER_LINE_AMOUNT = 2n ** 45n;
