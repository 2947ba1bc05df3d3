/** The one path of the API. */
export const GRAPHQL_PATH = "/graphql";
