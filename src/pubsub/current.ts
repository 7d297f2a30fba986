import { PubSubMissing } from './errors.ts'
import type { PubSub } from './pubsub.ts'

let current: PubSub | undefined

/** Sets what `broadcast` publishes to; the application calls it at boot, and with `undefined` when it stops.
 *
 * @returns what was set before, so that a test can put it back
 */
export function usePubSub(pubsub: PubSub | undefined): PubSub | undefined {
  const before = current
  current = pubsub
  return before
}

/** What `usePubSub` set.
 * @throws PubSubMissing (REGAUGE_PUBSUB_MISSING) when no application is running
 */
export function currentPubSub(): PubSub {
  if (current === undefined) throw new PubSubMissing({})
  return current
}
