import { expect } from 'chai'
import { runExecution } from '../../src/context/index.ts'
import { DatabaseJobOutbox } from '../../src/application/jobs/job_outbox.ts'
import { DeliverEvent, Event, publish, Subscriber, Subscribers, useSubscribers } from '../../src/events/index.ts'
import { EmbeddedBackend, Job, type JobBackend, type NewJob, useJobBackend, useJobOutbox } from '../../src/jobs/index.ts'
import { modelOf, useDatabase } from '../../src/model/index.ts'
import { collectingLogger } from '../jobs/queue_directory.ts'
import type { TestDatabase } from '../model/test_database.ts'

/** The schema of the tests below. */
export const outboxSchema = (provider: string, textType = '') => `datasource db {
  provider = "${provider}"
}
model Order {
  id   Int    @id @default(autoincrement())
  name String
  @@map("orders")
}
model JobOutbox {
  id         String   @id
  entry      String${textType}
  created_at DateTime
  @@map("job_outbox")
}
`

interface Shop {
  types: { model: { Order: { payload: { name: 'Order'; objects: {}; scalars: { id: number; name: string } } } } }
  models: { Order: Order }
}
class Order extends modelOf<Shop>()('Order') {}
class Confirm extends Job {
  async perform(_order: number) {}
}
class Once extends Job {
  static {
    this.unique({ conflict: 'raise' })
  }
  async perform() {}
}
class OrderPlaced extends Event<{ name: string }> {}

/** The tests of jobs that are kept in a table until their transaction is committed and they are in the queue. */
export function keepsJobsOfTransactions(open: () => Promise<TestDatabase>): void {
  const log: Parameters<typeof collectingLogger>[0] = []
  let test: TestDatabase
  let queue: EmbeddedBackend
  let refusal: Error | undefined
  let outbox: DatabaseJobOutbox
  before(async () => {
    test = await open()
  })
  after(() => test.close())
  beforeEach(async () => {
    log.splice(0)
    refusal = undefined
    queue = new EmbeddedBackend({ durability: 'memory' })
    const add = async (entries: readonly NewJob[]) => {
      if (refusal !== undefined) throw refusal
      return queue.add(entries)
    }
    const backend = new Proxy(queue, { get: (target, name) => (name === 'add' ? add : Reflect.get(target, name).bind(target)) })
    useDatabase(test.database, test.metadata, [Order])
    useJobBackend(backend as JobBackend)
    outbox = DatabaseJobOutbox.open(test.database, test.metadata, backend, collectingLogger(log))
    useJobOutbox(outbox)
    useSubscribers(new Subscribers())
  })
  afterEach(async () => {
    useJobOutbox(undefined)
    useJobBackend(undefined)
    useSubscribers(new Subscribers())
    await outbox.stop()
    await queue.close()
    await test.database.execute('DELETE FROM job_outbox', [])
  })

  const transaction = <T>(work: () => Promise<T>) => runExecution({}, () => Order.transaction(work) as Promise<T>)
  const rows = async () => Number((await test.database.query('SELECT count(*) FROM job_outbox', [])).rows[0]![0])
  const waiting = async () => (await queue.list('waiting')).map(({ name, data }) => [name, data['arguments']])

  it('has a job in the queue after the commit, and nothing in the table', async () => {
    await transaction(async () => {
      const job = await Confirm.performLater(1)
      expect((job as Job).isSuccessfullyEnqueued).to.equal(true)
      expect(await waiting()).to.deep.equal([])
    })
    expect(await waiting()).to.deep.equal([['Confirm', [1]]])
    expect(await rows()).to.equal(0)
  })

  it('forgets jobs of what is rolled back, also to a savepoint', async () => {
    const rolledBack = transaction(async () => {
      await Confirm.performLater(1)
      throw new RangeError('no')
    })
    expect(await rolledBack.catch((error: Error) => error.message)).to.equal('no')
    await transaction(async () => {
      await Confirm.performLater(2)
      await Order.transaction(
        async () => {
          await Confirm.performLater(3)
          throw new RangeError('no')
        },
        { requiresNew: true },
      ).catch(() => {})
    })
    expect(await waiting()).to.deep.equal([['Confirm', [2]]])
    expect(await rows()).to.equal(0)
  })

  it('keeps jobs that the queue does not take, and hands them over later', async () => {
    refusal = new Error('disk full')
    await transaction(() => Job.performAllLater([new Confirm(1), new Confirm(2)]))
    expect([await waiting(), await rows()]).to.deep.equal([[], 2])
    expect(log.map(({ level, message }) => [level, message])).to.deep.equal([
      ['warn', "Jobs stay in the outbox for now, as the queue doesn't take them: disk full"],
    ])
    refusal = undefined
    await outbox.sweep()
    expect(await rows()).to.equal(2) // it is left to the process that wrote them, for a time
    await outbox.start()
    expect((await waiting()).toSorted()).to.deep.equal([
      ['Confirm', [1]],
      ['Confirm', [2]],
    ])
    expect(await rows()).to.equal(0)
  })

  it('refuses a job that is too large for the queue while nothing is committed', async () => {
    class Huge extends Job {
      perform(_text: string) {}
    }
    const refused = await transaction(async () => {
      await Confirm.performLater(1)
      await Huge.performLater('x'.repeat(8_000_000))
    }).catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'REGAUGE_JOB_TOO_LARGE')
    expect([await waiting(), await rows()]).to.deep.equal([[], 0])
  })

  it('keeps a job together with those that it waits for', async () => {
    refusal = new Error('died')
    await transaction(async () => {
      const child = new Confirm(2)
      await new Confirm(1).after([child, new Confirm(3)]).enqueue()
      expect(child.isSuccessfullyEnqueued).to.equal(true)
    })
    expect([await waiting(), await rows()]).to.deep.equal([[], 1])
    refusal = undefined
    await outbox.sweep(0)
    expect(await waiting()).to.deep.equal([
      ['Confirm', [2]],
      ['Confirm', [3]],
    ])
    expect((await queue.list('waiting-children')).map(({ data }) => data['arguments'])).to.deep.equal([[1]])
    const huge = transaction(() => new Confirm(1).after([new Confirm('x'.repeat(8_000_000) as never)]).enqueue())
    expect(await huge.catch((error: unknown) => error)).to.have.property('code', 'REGAUGE_JOB_TOO_LARGE')
  })

  it('hands a job over once, whoever asks', async () => {
    refusal = new Error('not now')
    await transaction(() => Job.performAllLater([1, 2, 3].map((number) => new Confirm(number))))
    refusal = undefined
    const other = DatabaseJobOutbox.open(test.database, test.metadata, queue, collectingLogger(log))
    await Promise.all([outbox.sweep(0), other.sweep(0), outbox.sweep(0)])
    expect(await waiting()).to.have.lengthOf(3)
  })

  it('keeps what can not be read, and hands over what comes after it', async () => {
    refusal = new Error('not now')
    await transaction(() => Confirm.performLater(1))
    refusal = undefined
    const unreadable = ['no JSON', 'null', '[]', '{}', '{"queue":"default","name":"Confirm","data":{},"id":"7","runAt":"soon"}']
    const now = test.database.dialect === 'sqlite' ? '1970-01-01T00:00:00.000+00:00' : new Date(0)
    const insert = test.database.dialect === 'postgres' ? 'VALUES ($1, $2, $3)' : 'VALUES (?, ?, ?)'
    for (const [index, entry] of unreadable.entries()) {
      await test.database.execute(`INSERT INTO job_outbox (id, entry, created_at) ${insert}`, [`0${index}`, entry, now])
    }
    log.splice(0)
    await outbox.sweep(0)
    expect(await waiting()).to.deep.equal([['Confirm', [1]]])
    expect(await rows()).to.equal(unreadable.length)
    expect(log.map(({ message }) => /^The job (.*) of the outbox can't be handed over: ./.exec(message)?.[1])).to.deep.equal(
      unreadable.map((_, index) => `0${index}`),
    )
  })

  it('drops a job that its class refuses beside another, and goes on', async () => {
    await Once.performLater()
    await transaction(async () => {
      await Once.performLater()
      await Confirm.performLater(1)
    })
    expect((await waiting()).map(([name]) => name)).to.deep.equal(['Once', 'Confirm'])
    expect(await rows()).to.equal(0)
    expect(log.map(({ message }) => message)[0]).to.match(/^A job of the outbox is dropped:/)
  })

  it('keeps the deferred delivery of an event', async () => {
    class Inventory extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call(_event: OrderPlaced) {}
    }
    refusal = new Error('died')
    await transaction(() => publish(new OrderPlaced({ name: 'chair' })))
    expect(await rows()).to.equal(1)
    refusal = undefined
    await outbox.sweep(0)
    const [stored] = await queue.list('waiting')
    expect([stored!.name, (stored!.data['arguments'] as unknown[])[0]]).to.deep.equal([DeliverEvent.name, Inventory.name])
  })

  it('leaves jobs outside of transactions, and those that do not wait for a commit, to the queue', async () => {
    class Eager extends Job {
      static override enqueueAfterTransactionCommit = false
      async perform() {}
    }
    await Confirm.performLater(1)
    await transaction(async () => {
      await Eager.performLater()
      expect((await waiting()).map(([name]) => name)).to.deep.equal(['Confirm', 'Eager'])
    })
  })
}
