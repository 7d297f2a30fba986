import { expect } from 'chai'
import { runExecution } from '../../src/context/index.ts'
import { DeliverEvent, Event, listSubscribers, type NoEvent, publish, Subscriber } from '../../src/events/index.ts'
import { JobRunner, useJobBackend } from '../../src/jobs/index.ts'
import { collectingLogger, QueueDirectory } from '../jobs/queue_directory.ts'
import { eventStage } from './event_stage.ts'

class OrderEvent extends Event<{ orderId: number }> {}
class OrderPlaced extends OrderEvent {
  get label() {
    return `order ${this.orderId}`
  }
}

describe('events', () => {
  const { calls, log, stage } = eventStage()

  it('have the fields of their payload', () => {
    const event = new OrderPlaced({ orderId: 7 })
    expect(event.orderId).to.equal(7)
    expect(event.label).to.equal('order 7')
  })

  it('are handed to the subscribers of their class before publish resolves', async () => {
    class Notice extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      async call(event: OrderPlaced) {
        await Promise.resolve()
        calls.push(event)
      }
    }
    const event = new OrderPlaced({ orderId: 1 })
    await publish(event)
    expect(calls).to.have.lengthOf(1)
    expect(calls[0]).to.equal(event)
    expect(Notice.name).to.equal('Notice')
  })

  it('reach subscribers of ancestors after those of the class, priorities first, each subscriber once', async () => {
    class Everything extends Subscriber {
      static {
        this.subscribeTo(Event)
        this.subscribeTo(OrderEvent)
      }
      call() {
        calls.push('everything')
      }
    }
    class Exact extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call() {
        calls.push('exact')
      }
    }
    class First extends Subscriber {
      static {
        this.subscribeTo(Event, { priority: -1 })
      }
      call() {
        calls.push('first')
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(calls).to.deep.equal(['first', 'exact', 'everything'])
    const how = { deferred: false, inTransaction: false, everyProcess: false }
    expect(listSubscribers()).to.deep.equal([
      { event: 'Event', subscriber: Everything.name, ...how, priority: 0 },
      { event: 'OrderEvent', subscriber: Everything.name, ...how, priority: 0 },
      { event: 'OrderPlaced', subscriber: Exact.name, ...how, priority: 0 },
      { event: 'Event', subscriber: First.name, ...how, priority: -1 },
    ])
  })

  it('reach subscribers that come late, and none that left', async () => {
    await publish(new OrderPlaced({ orderId: 1 }))
    class Late extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call(event: OrderPlaced) {
        calls.push(event.orderId)
      }
    }
    await publish(new OrderPlaced({ orderId: 2 }))
    Late.unsubscribe()
    await publish(new OrderPlaced({ orderId: 3 }))
    expect(calls).to.deep.equal([2])
  })

  it('are refused where they are none, with what to write instead', async () => {
    const given: [unknown, string][] = [
      [OrderPlaced, 'OrderPlaced itself'],
      [() => {}, 'a function'],
      [Promise.resolve(), 'a promise'],
      [{ orderId: 1 }, 'an object of no class'],
      [Object.create(null), 'an object of no class'],
      ['order_placed', 'order_placed'],
      [undefined, 'undefined'],
      [null, 'null'],
    ]
    for (const [event, text] of given) {
      const error: unknown = await publish(event as object).catch((reason: unknown) => reason)
      expect(error, text).to.include({ code: 'REGAUGE_NO_EVENT', message: `publish was given ${text}, which is no event.` })
      expect((error as NoEvent).hint).to.equal('Make an event of its class: publish(new OrderPlaced({ order })).')
    }
  })

  it('can be subscribed to by class only', () => {
    class Mistaken extends Subscriber {
      call() {}
    }
    expect(() => Mistaken.subscribeTo('OrderPlaced' as never)).to.throw('Mistaken subscribes to OrderPlaced, which is no class of events.')
  })

  it('isolate subscribers from each other, and the publisher from them', async () => {
    class Broken extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call() {
        throw new TypeError('no stock')
      }
    }
    class OutOfStock extends Error {}
    class BrokenAsWell extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call() {
        throw new OutOfStock('no stock')
      }
    }
    class Fine extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call() {
        calls.push('fine')
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(calls).to.deep.equal(['fine'])
    expect(log.map(({ level, message }) => [level, message])).to.deep.equal([
      ['error', 'Subscriber failed with exception: TypeError (no stock)'],
      ['error', 'Subscriber failed with exception: OutOfStock (no stock)'],
    ])
    expect([Broken, BrokenAsWell, Fine].map(({ name }) => name)).to.deep.equal(['Broken', 'BrokenAsWell', 'Fine'])
  })

  describe('with deferred subscribers', () => {
    function subscribeDeferred() {
      class Inventory extends Subscriber {
        static {
          this.subscribeTo(OrderEvent, { deferred: true })
        }
        call(event: OrderEvent) {
          calls.push(event)
        }
      }
      return Inventory
    }

    it('are delivered by a durable job, as events of their class', async () => {
      subscribeDeferred()
      await publish(new OrderPlaced({ orderId: 5 }))
      expect(calls).to.deep.equal([])
      expect((await stage.backend.list('waiting')).map(({ name }) => name)).to.deep.equal(['DeliverEvent'])
      await stage.runAll([DeliverEvent])
      expect(calls).to.have.lengthOf(1)
      expect(calls[0]).to.be.instanceOf(OrderPlaced)
      expect((calls[0] as OrderPlaced).label).to.equal('order 5')
    })

    it('are delivered by priority, also after a restart', async () => {
      const directory = await QueueDirectory.make()
      const name = (label: string, priority: number) => {
        class Named extends Subscriber {
          call() {
            calls.push(label)
          }
        }
        Object.defineProperty(Named, 'name', { value: label })
        Named.subscribeTo(OrderPlaced, { deferred: true, priority })
      }
      name('Later', 5)
      name('Usual', 0)
      name('First', -1)
      try {
        const before = directory.open()
        useJobBackend(before)
        await publish(new OrderPlaced({ orderId: 5 }))
        await before.close()
        const after = directory.open()
        const workers = [{ queues: ['*'], concurrency: 1 }]
        const runner = new JobRunner(after, { classes: [DeliverEvent], workers, logger: collectingLogger([]) })
        await runner.start()
        while (calls.length < 3) await new Promise(setImmediate)
        await runner.stop()
        expect(calls).to.deep.equal(['First', 'Usual', 'Later'])
      } finally {
        await directory.dispose()
      }
    })

    it('wait for the commit of the transaction they are published in', async () => {
      subscribeDeferred()
      const waiting: (() => void | Promise<void>)[] = []
      await runExecution({ transaction: { afterAllCommits: (later) => void waiting.push(later) } }, () =>
        publish(new OrderPlaced({ orderId: 5 })),
      )
      expect(await stage.backend.counts()).to.include({ waiting: 0 })
      for (const later of waiting) await later()
      expect(await stage.backend.counts()).to.include({ waiting: 1 })
    })

    it('are retried when the subscriber fails, and when it is unknown', async () => {
      class Broken extends Subscriber {
        static {
          this.subscribeTo(OrderPlaced, { deferred: true })
        }
        call() {
          throw new Error('not now')
        }
      }
      await publish(new OrderPlaced({ orderId: 1 }))
      await stage.runAll([DeliverEvent])
      Broken.unsubscribe()
      await new DeliverEvent('Brokn', 'OrderPlaced', {}).enqueue()
      await stage.runAll([DeliverEvent])
      expect(await stage.backend.counts()).to.include({ delayed: 2, failed: 0 })
    })

    it('refuse a payload that can not be stored, before anybody is called', async () => {
      class Immediate extends Subscriber {
        static {
          this.subscribeTo(OrderEvent)
        }
        call() {
          calls.push('called')
        }
      }
      subscribeDeferred()
      class Odd extends OrderEvent {}
      const error = await publish(new Odd({ orderId: (() => 1) as unknown as number })).catch((thrown: Error) => thrown)
      expect((error as Error).message).to.match(/arguments\[2\]\.orderId: Unsupported argument type: function/)
      expect(calls).to.deep.equal([])
      expect(Immediate.name).to.equal('Immediate')
    })
  })
})
