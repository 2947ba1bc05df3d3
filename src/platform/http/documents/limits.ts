/**
 * How large a document may be. Far more than storefronts and Apollo Sandbox send, and little enough that reading, validating and
 * refusing one takes milliseconds. What a document may cost once it runs is counted elsewhere, by its lists.
 */
export const documentLimits = {
  /** Names, punctuation and values. The parser stops here, so that nothing behind it meets more than a thousand of anything. */
  tokens: 1_000,
  /** To the parser they are no tokens, but they are read like those: a document of nothing else took it milliseconds. */
  comments: 100,
  /** Fields below each other, through fragments; each level may be a list of lists. Introspection has a limit of graphql-js's own. */
  depth: 12,
  /** Selections after fragments are spread: eighteen that each spread the next one twice are a quarter of a million. */
  selections: 1_000,
  /** One field under many names is one request that does the work of many; also of `__typename`, which scanners try. */
  aliases: 15,
  /** Each is looked up and checked at its place. */
  directives: 50,
  /** The same answer asked for again in one selection set: each is compared with each of the others. */
  repeats: 10,
  /** Mutation fields of one operation: they run one after the other in one request. */
  mutations: 5,
  /** Of those that try a secret or move money: several in one request are guesses past any limit on requests. */
  sensitiveMutations: 1,
} as const;

/** The first two, as graphql-js' parser takes them. */
export const parseLimits = {
  maxLexicalTokens: documentLimits.tokens,
  maxComments: documentLimits.comments,
};
