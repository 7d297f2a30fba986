import { bullmqEnqueue, bullmqProcess } from './jobs/bullmq.ts'
import { diskLimit } from './jobs/disk.ts'
import { latencyBesideJobs } from './jobs/latency.ts'
import { millionDelayed } from './jobs/million.ts'
import { backendEnqueue, jobEnqueue, jobProcess } from './jobs/regauge.ts'
import { buildSources } from './measuring/built.ts'
import type { Case, Room } from './measuring/room.ts'

const disk = 'the disk: append + fdatasync'

/** Durable enqueueing of jobs of about 300 bytes against what the disk allows, and processing of jobs that do nothing. */
const jobs: Room = {
  title: 'Jobs',
  async cases() {
    buildSources()
    return [...[1, 16, 256, 1024].map(enqueueCase), processCase]
  },
  figures: [
    { name: '1 million delayed jobs of 100 bytes', measure: millionDelayed },
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
      { name: 'Regauge, performLater', start: () => jobEnqueue(inFlight) },
      { name: 'BullMQ on Redis, appendonly always', start: () => bullmqEnqueue(inFlight, 'durable redis') },
      { name: 'BullMQ on Redis, no persistence', start: () => bullmqEnqueue(inFlight, 'redis') },
      { name: 'BullMQ embedded, durable', start: () => bullmqEnqueue(inFlight, 'embedded') },
    ],
  }
}

const processCase: Case = {
  name: 'processing, concurrency 50',
  unit: 'jobs',
  baseline: 'BullMQ on Redis, no persistence',
  contenders: [
    { name: 'BullMQ on Redis, no persistence', start: () => bullmqProcess(50, 'redis') },
    { name: 'BullMQ embedded, durable', start: () => bullmqProcess(50, 'embedded') },
    { name: 'Regauge, JobRunner, durable', start: () => jobProcess(50) },
  ],
}
