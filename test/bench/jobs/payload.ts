/** What every job carries: with the rest about 300 bytes of JSON. In one piece, as a text is that came with a request; `repeat` puts it together of many. */
export const text = JSON.parse(JSON.stringify('x'.repeat(260))) as string
