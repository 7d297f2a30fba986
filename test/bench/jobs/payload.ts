/** What every job carries: with the rest about 300 bytes of JSON. */
export const text = 'x'.repeat(260)
