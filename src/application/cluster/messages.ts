import type { Address } from '../../http/index.ts'
import type { SharedMessage } from '../../jobs/index.ts'
import type { Published } from '../../pubsub/index.ts'

/** What a worker tells when requests can come to it. */
export interface Ready {
  readonly address: Address
  /** Where its WebSockets are; undefined when it has no channels. Its routes may say so, which the primary doesn't load. */
  readonly cablePath: string | undefined
}

/** What the primary process and its workers tell each other. Everything else on their channel is the application's own. */
export type ClusterMessage =
  | ({ readonly regauge: 'ready' } & Ready)
  | { readonly regauge: 'jobs'; readonly message: SharedMessage }
  | { readonly regauge: 'published'; readonly published: Published }

/** Whether something that came over the channel is ours. */
export function isClusterMessage(message: unknown): message is ClusterMessage {
  return typeof message === 'object' && message !== null && typeof (message as { regauge?: unknown }).regauge === 'string'
}
