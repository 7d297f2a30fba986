/** What one client may cost. Everything a client sends or makes us keep is bounded by one of these. */
export interface CableLimits {
  /** Bytes of one incoming message; a larger one closes the connection (WebSocket status 1009). */
  readonly messageBytes: number
  /** Subscriptions of one connection; further ones are rejected. */
  readonly subscriptions: number
  /** Streams of one connection, over all of its subscriptions; one more fails the call of `streamFrom`. */
  readonly streams: number
  /** Messages of one connection that wait while an earlier one is handled. At half of it we stop reading where the transport can;
   * beyond it the client is disconnected. */
  readonly waitingMessages: number
  /** Bytes that wait to be sent to a client that reads too slowly; beyond it the client is disconnected. */
  readonly bufferedBytes: number
  /** Milliseconds in which `connect` must have succeeded. */
  readonly connectTimeout: number
}

/** The limits where the application sets no others. */
export const defaultLimits: CableLimits = {
  messageBytes: 256 * 1024,
  subscriptions: 1_000,
  streams: 5_000,
  waitingMessages: 1_000,
  bufferedBytes: 4 * 1024 * 1024,
  connectTimeout: 10_000,
}
