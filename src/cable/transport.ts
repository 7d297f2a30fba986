import type { Server } from 'node:http'
import type { Cable } from './cable.ts'

/** Carries messages between a cable and its clients. Channels don't know which one they are served by. */
export interface CableTransport {
  /** Starts to accept clients of `server` for `cable`. */
  attach(server: Server, cable: Cable): void | Promise<void>
  /** Tells the clients to come back later, waits until they have gone, and cuts those off that haven't in `timeout` milliseconds. */
  close(options?: { timeout?: number }): Promise<void>
}

/** One client, as a transport offers it to the cable. Calls after the client has gone do nothing. */
export interface CableClient {
  readonly wire: Wire
  welcome(): void
  confirm(identifier: string): void
  reject(identifier: string): void
  /** @param json the message, written as JSON already */
  message(identifier: string, json: string): void
  /** Says why the connection ends and whether the client should come back, and ends it when that was sent. */
  disconnect(reason: string, reconnect: boolean): void
  /** Ends the connection at once. */
  terminate(): void
  /** Stops reading, where the transport can. */
  pause?(): void
  resume?(): void
}

/** What the clients of one transport have in common: a message for many of them is encoded once. */
export interface Wire {
  multicast(members: Iterable<{ readonly client: CableClient }>, identifier: string, json: string): void
}
