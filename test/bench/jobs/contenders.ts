import { openBullmq } from './bullmq.ts'
import { openGraphileWorker, openPgBoss } from './postgres_peers.ts'
import { openJobs } from './regauge.ts'
import type { Opening } from './system.ts'

/** The systems that are compared, by name. */
export const systems = {
  'Regauge, Job': openJobs,
  'BullMQ embedded, durable': () => openBullmq('embedded'),
  'BullMQ on Redis, appendonly always': () => openBullmq('durable redis'),
  'BullMQ on Redis, no persistence': () => openBullmq('redis'),
  'pg-boss': openPgBoss,
  'Graphile Worker': openGraphileWorker,
} satisfies Readonly<Record<string, Opening>>

export type SystemName = keyof typeof systems
