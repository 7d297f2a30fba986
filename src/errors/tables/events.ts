/** Errors of the `events` room. */
export const eventErrors = {} as const
