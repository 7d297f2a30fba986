export { currentPubSub, releasePubSub, usePubSub } from './current.ts'
export { PubSubMissing } from './errors.ts'
export { LocalPubSub } from './local.ts'
export type { PubSub, Unsubscribe } from './pubsub.ts'
