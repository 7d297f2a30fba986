import { createPostgresBackend } from 'bullmq'
import pg from 'pg'
import { behavesLikeBullmq } from './conformance/index.ts'

const url = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

/** BullMQ's own backend on PostgreSQL does these otherwise than its one on Redis; ours does them as that. */
const differences = {
  'numbers jobs from 1, and keeps an id of one’s own': 'an id of one’s own uses up no number',
  'hands a job to the worker as it was added': 'data may hold no character of code 0',
  'takes delayed jobs by when they were due, whenever they were added':
    'jobs that are due at the same look are taken by when they were added',
  'promotes one delayed job, all of them, or gives one another delay':
    'promoted jobs are taken by when they were added, not by when they were due',
  'runs finished jobs again': 'running failed jobs again takes their attempts back',
  'keeps as many finished jobs as asked, and none older': 'an age is in whole seconds',
  'waits while the queue is paused, and goes on when it is resumed': 'the jobs of a paused queue count as none that wait',
  'runs a parent as soon as a child fails that lets it continue': 'children that a running parent removes stay among those it waits for',
  'moves nothing without the token of its lock': 'moving to the waiting ones answers 0 to a wrong token',
  'tells of the jobs that it plans': 'its scheduler adds jobs without an event',
  'lists jobs in either order, in pages': 'waiting jobs are counted from the newest',
  'answers what was asked before a queue is closed': 'closing leaves it without an answer',
  'keeps a queue apart from one of the same name under another prefix': 'the prefix is not part of the queue’s name',
  'forgets old events on request': 'trimming events is not implemented',
}

describe('BullMQ on PostgreSQL', () => {
  const database = `regauge_queues_${process.pid}`
  before(() => administer(`CREATE DATABASE ${database}`))
  after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))

  const place = new URL(url)
  place.pathname = `/${database}`
  behavesLikeBullmq(() => ({
    factory: createPostgresBackend,
    connection: { connectionString: place.href, max: 2, migrate: true },
    differences,
  }))
})

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}
