/** Errors of the `cable` room. */
export const cableErrors = {} as const
