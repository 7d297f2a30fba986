/** Errors of the `openapi` room. */
export const openapiErrors = {} as const
