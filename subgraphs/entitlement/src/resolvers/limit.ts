/** What a right is limited to, as graphql takes lists; null: it is not. */
export const limit = <Value>(values: readonly Value[] | null): Value[] | null => values && [...values]
