import { openBullmq } from './jobs/bullmq.ts'
import { diskLimit } from './jobs/disk.ts'
import { latencyBesideJobs } from './jobs/latency.ts'
import { million } from './jobs/million.ts'
import { installPostgresPeers, openGraphileWorker, openPgBoss } from './jobs/postgres_peers.ts'
import { backendEnqueue, openJobs } from './jobs/regauge.ts'
import { enqueueing, processing } from './jobs/system.ts'
import { untilPerformed } from './jobs/until_performed.ts'
import { buildSources } from './measuring/built.ts'
import type { Case, Room } from './measuring/room.ts'

const disk = 'the disk: append + fdatasync'
const names = {
  ours: 'Regauge, performLater',
  embedded: 'BullMQ embedded, durable',
  durableRedis: 'BullMQ on Redis, appendonly always',
  redis: 'BullMQ on Redis, no persistence',
  boss: 'pg-boss',
  graphile: 'Graphile Worker',
} as const

/** Durable enqueueing of jobs of about 300 bytes against what the disk allows, processing of jobs that do nothing, and the time between. */
const jobs: Room = {
  title: 'Jobs',
  notes: [
    'PostgreSQL is as it is installed: a commit is on disk. pg-boss listens for NOTIFY and fetches 50 jobs at a time; Graphile Worker has a local queue.',
  ],
  async cases() {
    buildSources()
    installPostgresPeers()
    return [...[1, 16, 256, 1024].map(enqueueCase), processCase]
  },
  figures: [
    {
      name: 'from enqueueing until performed',
      measure: () =>
        untilPerformed({
          [names.ours]: openJobs,
          [names.embedded]: () => openBullmq('embedded'),
          [names.durableRedis]: () => openBullmq('durable redis'),
          [names.redis]: () => openBullmq('redis'),
          [names.boss]: openPgBoss,
          [names.graphile]: openGraphileWorker,
        }),
    },
    { name: '1 million delayed jobs of 100 bytes', measure: () => million('delayed') },
    { name: '1 million waiting jobs of 100 bytes', measure: () => million('waiting') },
    { name: 'HTTP beside 10,000 jobs a second', measure: latencyBesideJobs },
  ],
}

export default jobs

function enqueueCase(inFlight: number): Case {
  return {
    name: `durable enqueue, ${inFlight} in flight`,
    unit: 'jobs',
    baseline: disk,
    contenders: [
      { name: disk, start: () => diskLimit(inFlight) },
      { name: 'Regauge, backend.add', start: () => backendEnqueue(inFlight) },
      { name: names.ours, start: () => enqueueing(openJobs, inFlight) },
      { name: names.durableRedis, start: () => enqueueing(() => openBullmq('durable redis'), inFlight) },
      { name: names.redis, start: () => enqueueing(() => openBullmq('redis'), inFlight) },
      { name: names.embedded, start: () => enqueueing(() => openBullmq('embedded'), inFlight) },
      { name: names.boss, start: () => enqueueing(openPgBoss, inFlight) },
      { name: names.graphile, start: () => enqueueing(openGraphileWorker, inFlight) },
    ],
  }
}

const processCase: Case = {
  name: 'processing, concurrency 50',
  unit: 'jobs',
  baseline: names.redis,
  contenders: [
    { name: names.redis, start: () => processing(() => openBullmq('redis'), 50, 8000) },
    { name: names.embedded, start: () => processing(() => openBullmq('embedded'), 50, 8000) },
    { name: 'Regauge, JobRunner, durable', start: () => processing(openJobs, 50, 100_000) },
    { name: names.boss, start: () => processing(openPgBoss, 50, 2000) },
    { name: names.graphile, start: () => processing(openGraphileWorker, 50, 2000) },
  ],
}
