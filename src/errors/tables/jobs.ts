/** Errors of the `jobs` room. */
export const jobErrors = {} as const
