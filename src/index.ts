export * from './application/index.ts'
export { broadcast, cable, Channel, type ChannelClass, Connection } from './cable/index.ts'
export * from './controller/index.ts'
export { RegaugeError } from './errors/index.ts'
export { Event, listSubscribers, publish, Subscriber } from './events/index.ts'
export * from './http/index.ts'
export {
  abort as abortJob,
  Job,
  days,
  Duration,
  hours,
  minutes,
  months,
  seconds,
  weeks,
  years,
  SerializationError,
  DeserializationError,
} from './jobs/index.ts'
export { createLogger, type Logger, logger } from './logging/index.ts'
export * from './model/index.ts'
export * from './naming/index.ts'
export { LocalPubSub, type PubSub } from './pubsub/index.ts'
export { draw, redirect, type RoutesDsl, RouteSet } from './routing/index.ts'
export * from './values/index.ts'
