/** What the tests use of the official client, which has no declarations. */
declare module '@rails/actioncable' {
  interface Subscription {
    perform(action: string, data?: object): void
    unsubscribe(): void
  }
  interface Consumer {
    subscriptions: { create(identifier: object | string, callbacks: object): Subscription }
    connect(): void
    disconnect(): void
  }
  function createConsumer(url: string): Consumer
  const adapters: { WebSocket: unknown; logger: unknown }
  /** `staleThreshold`: seconds after which the client looks whether it must connect anew. */
  const ConnectionMonitor: { staleThreshold: number }
}
