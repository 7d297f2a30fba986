import { PerApplication } from '../context/index.ts'
import { PubSubMissing } from './errors.ts'
import type { PubSub } from './pubsub.ts'

const pubsubs = new PerApplication<PubSub>()

/** Sets what `broadcast` publishes to in an application, and outside of any.
 *
 * @returns what was set before outside of any, so that a test can put it back
 */
export function usePubSub(pubsub: PubSub | undefined, application?: object): PubSub | undefined {
  return pubsubs.use(pubsub, application)
}

/** Forgets what `usePubSub` set for an application that has stopped. */
export function releasePubSub(application: object): void {
  pubsubs.release(application)
}

/** What `usePubSub` set.
 * @throws PubSubMissing (REGAUGE_PUBSUB_MISSING) when no application is running
 */
export function currentPubSub(): PubSub {
  const { current } = pubsubs
  if (current === undefined) throw new PubSubMissing({})
  return current
}
