/** Errors of the `database` room. */
export const databaseErrors = {} as const
