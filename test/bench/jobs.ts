import { join } from 'node:path'
import { type SystemName, systems } from './jobs/contenders.ts'
import { latencyBesideJobs } from './jobs/latency.ts'
import { million } from './jobs/million.ts'
import { installPostgresPeers } from './jobs/postgres_peers.ts'
import { untilPerformed } from './jobs/until_performed.ts'
import { buildSources } from './measuring/built.ts'
import { startOwnProcess } from './measuring/own_process.ts'
import type { Case, Contender, Room } from './measuring/room.ts'

const disk = 'the disk: append + fdatasync'

/** Durable enqueueing of jobs of about 300 bytes against what the disk allows, processing of jobs that do nothing, and the time between. */
const jobs: Room = {
  title: 'Jobs',
  notes: [
    'PostgreSQL is as it is installed: a commit is on disk. pg-boss listens for NOTIFY and fetches 50 jobs at a time; Graphile Worker has a local queue.',
    'Each contender has a process of its own. Microseconds are processor time of all its threads, without those of a server it asks.',
  ],
  async cases() {
    buildSources()
    installPostgresPeers()
    return [...[1, 16, 256, 1024].map(enqueueCase), processCase]
  },
  figures: [
    { name: 'from enqueueing until performed', measure: () => untilPerformed(systems) },
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
      contender('disk', disk, inFlight),
      contender('backend', 'Regauge, backend.add', inFlight),
      ...(Object.keys(systems) as SystemName[]).map((name) => contender('enqueue', name, inFlight)),
    ],
  }
}

/** What each performs a second or more of, so that a round takes about as long as it should. */
const performedPerSecond: Readonly<Record<Exclude<SystemName, 'BullMQ on Redis, appendonly always'>, number>> = {
  'BullMQ on Redis, no persistence': 8000,
  'BullMQ embedded, durable': 50_000,
  'Regauge, Job': 100_000,
  'pg-boss': 2000,
  'Graphile Worker': 2000,
}

const processCase: Case = {
  name: 'processing, concurrency 50',
  unit: 'jobs',
  baseline: 'BullMQ on Redis, no persistence',
  contenders: Object.entries(performedPerSecond).map(([name, perSecond]) => contender('process', name, perSecond)),
}

function contender(work: string, name: string, size: number): Contender {
  return { name, start: () => startOwnProcess(name, join(import.meta.dirname, 'jobs/process.ts'), [work, name, String(size)]) }
}
