/** Ends one subscription; calling it twice does nothing. */
export type Unsubscribe = () => void | Promise<void>

/** How processes tell each other what was broadcast: named streams of text messages, delivered at most once, in the order of one publisher.
 *
 * `src/pubsub` has the implementation for one process; adapters implement it over a broker.
 */
export interface PubSub {
  /** Sends `message` (JSON text) to everyone who subscribes to `stream` in any process. */
  publish(stream: string, message: string): void | Promise<void>
  /** Calls `handler` for each message of `stream`. Resolves when messages published from now on arrive. */
  subscribe(stream: string, handler: (message: string) => void): Unsubscribe | Promise<Unsubscribe>
  /** Drops every subscription and lets go of connections. */
  close(): Promise<void>
}
