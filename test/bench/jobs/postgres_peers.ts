import { PostgresCluster } from '../../services/postgres_cluster.ts'
import { importPeer, installPeers } from '../measuring/peers.ts'
import { text } from './payload.ts'
import type { JobSystem } from './system.ts'

interface Boss {
  start(): Promise<unknown>
  stop(options: { graceful: boolean }): Promise<void>
  on(event: 'error', listener: (error: Error) => void): void
  createQueue(name: string, options: { notify: boolean }): Promise<void>
  send(name: string, data: object): Promise<string | null>
  insert(name: string, jobs: readonly { data: object }[]): Promise<unknown>
  work(name: string, options: object, perform: (jobs: readonly { data: BossData }[]) => Promise<void>): Promise<string>
  offWork(name: string): Promise<void>
}

interface BossData {
  readonly arguments: readonly [number, string]
}

interface Utils {
  migrate(): Promise<void>
  addJob(identifier: string, payload: object): Promise<unknown>
  addJobs(jobs: readonly { identifier: string; payload: object }[]): Promise<unknown>
  release(): Promise<void>
}

interface Graphile {
  Logger: new (factory: () => () => void) => object
  makeWorkerUtils(options: object): Promise<Utils>
  run(options: object): Promise<{ stop(): Promise<void> }>
}

const queue = 'bench'
const noServer = "PostgreSQL's programs aren't on this machine"
const tooOld = Number.parseInt(process.versions.node, 10) < 22 ? 'it needs Node.js 22' : undefined
/** Connections of each. */
const connections = 20

/** Installs the queues on PostgreSQL that we are compared with. */
export function installPostgresPeers(): void {
  if (tooOld === undefined) installPeers({ 'pg-boss': '12.38.0', 'graphile-worker': '0.18.0' })
}

/** pg-boss, told of new jobs by NOTIFY; it fetches as many at a time as it performs. */
export async function openPgBoss(): Promise<JobSystem | string> {
  const server = tooOld ?? (await PostgresCluster.start({ isDurable: true })) ?? noServer
  if (typeof server === 'string') return server
  const { PgBoss } = await importPeer<{ PgBoss: new (options: object) => Boss }>('pg-boss')
  const boss = new PgBoss({ connectionString: server.url, max: connections, useListenNotify: true })
  boss.on('error', (error) => {
    throw error
  })
  await boss.start()
  await boss.createQueue(queue, { notify: true })
  const dataOf = (number: number): BossData => ({ arguments: [number, text] })
  return {
    add: (number) => boss.send(queue, dataOf(number)),
    addMany: (count) =>
      boss.insert(
        queue,
        Array.from({ length: count }, () => ({ data: dataOf(42) })),
      ),
    async work(concurrency, perform) {
      const options = { batchSize: concurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }
      await boss.work(queue, options, async (jobs) => {
        for (const { data } of jobs) perform(data.arguments[0])
      })
      return () => boss.offWork(queue)
    },
    async stop() {
      await boss.stop({ graceful: false })
      await server.remove()
    },
  }
}

/** Graphile Worker, with its local queue, which fetches some jobs at a time. */
export async function openGraphileWorker(): Promise<JobSystem | string> {
  const server = tooOld ?? (await PostgresCluster.start({ isDurable: true })) ?? noServer
  if (typeof server === 'string') return server
  const { Logger, makeWorkerUtils, run } = await importPeer<Graphile>('graphile-worker')
  const shared = { connectionString: server.url, maxPoolSize: connections, logger: new Logger(() => () => {}) }
  const utils = await makeWorkerUtils(shared)
  await utils.migrate()
  const payloadOf = (number: number) => ({ arguments: [number, text] })
  return {
    add: (number) => utils.addJob(queue, payloadOf(number)),
    addMany: (count) => utils.addJobs(Array.from({ length: count }, () => ({ identifier: queue, payload: payloadOf(42) }))),
    async work(concurrency, perform) {
      const taskList = { [queue]: (payload: BossData) => perform(payload.arguments[0]) }
      const preset = {
        worker: { concurrentJobs: concurrency, localQueue: { size: concurrency * 10 }, completeJobBatchDelay: 0, pollInterval: 500 },
      }
      const runner = await run({ ...shared, taskList, concurrency, noHandleSignals: true, preset })
      return () => runner.stop()
    },
    async stop() {
      await utils.release()
      await server.remove()
    },
  }
}
