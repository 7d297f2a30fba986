import { expect } from 'chai'
import { currentExecution, runExecution, withExecution } from '../../src/context/index.ts'
import {
  DeliverEvent,
  Event,
  type EventCall,
  type EventConstructor,
  eventMixin,
  type InvalidSubscription,
  listSubscribers,
  publish,
  type SubscribeOptions,
  Subscriber,
} from '../../src/events/index.ts'
import { eventStage } from './event_stage.ts'

class OrderPlaced extends Event<{ orderId: number }> {}

describe('subscribers', () => {
  const { calls, log, reports, stage } = eventStage()

  it('get the context that an event is published with, frozen, also when they are deferred', async () => {
    class Now extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call(_event: OrderPlaced, { context }: EventCall) {
        calls.push(['now', context, Object.isFrozen(context)])
      }
    }
    class Later extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call(_event: OrderPlaced, { context }: EventCall) {
        calls.push(['later', context])
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }), { context: { ip: '10.0.0.1', at: new Date(0) } })
    await publish(new OrderPlaced({ orderId: 2 }))
    await stage.runAll([DeliverEvent])
    expect([Now.name, Later.name]).to.have.lengthOf(2)
    expect(calls).to.deep.equal([
      ['now', { ip: '10.0.0.1', at: new Date(0) }, true],
      ['now', {}, true],
      ['later', { ip: '10.0.0.1', at: new Date(0) }],
      ['later', {}],
    ])
  })

  it('write log lines that carry their name', async () => {
    class Named extends Subscriber {
      call(_event: OrderPlaced) {
        calls.push(currentExecution()?.logFields)
      }
    }
    Named.subscribeTo(OrderPlaced)
    await runExecution({ logFields: { tenant: 'a' } }, () => publish(new OrderPlaced({ orderId: 1 })))
    Named.subscribeTo(OrderPlaced, { deferred: true })
    await publish(new OrderPlaced({ orderId: 1 }))
    await stage.runAll([DeliverEvent])
    expect(calls[0]).to.deep.equal({ tenant: 'a', subscriber: 'Named' })
    expect(calls[1]).to.include({ job: 'DeliverEvent', subscriber: 'Named' })
  })

  it('report what they throw', async () => {
    class Broken extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced)
      }
      call(_event: OrderPlaced) {
        throw new TypeError('no stock')
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(reports.map(([error, { handled, context }]) => [(error as Error).message, handled, context])).to.deep.equal([
      ['no stock', false, { subscriber: Broken.name, event: 'OrderPlaced' }],
    ])
  })

  describe('with rescueFrom', () => {
    class Base extends Subscriber {
      static {
        this.rescueFrom(TypeError, (_, error) => calls.push(`base ${error.message}`))
      }
      call(_event: OrderPlaced): unknown {
        throw new TypeError('bad')
      }
    }

    it('handle errors by what they or their parents declared last', async () => {
      class Inherits extends Base {}
      class Overrides extends Base {
        static {
          this.rescueFrom(RangeError, TypeError, (subscriber, error) => calls.push(`${subscriber.constructor.name} ${error.message}`))
        }
      }
      Inherits.subscribeTo(OrderPlaced)
      Overrides.subscribeTo(OrderPlaced)
      await publish(new OrderPlaced({ orderId: 1 }))
      expect(calls).to.deep.equal(['base bad', 'Overrides bad'])
      expect(log).to.deep.equal([])
    })

    it('are done with a deferred event that they handled', async () => {
      class Deferred extends Base {}
      Deferred.subscribeTo(OrderPlaced, { deferred: true })
      await publish(new OrderPlaced({ orderId: 1 }))
      await stage.runAll([DeliverEvent])
      expect(calls).to.deep.equal(['base bad'])
      expect(await stage.backend.counts()).to.include({ delayed: 0, failed: 0, waiting: 0 })
    })

    it('fail by what a handler throws', async () => {
      class Rethrows extends Base {
        static {
          this.rescueFrom(TypeError, () => {
            throw new RangeError('worse')
          })
        }
      }
      Rethrows.subscribeTo(OrderPlaced)
      await publish(new OrderPlaced({ orderId: 1 }))
      expect(log.map(({ message }) => message)).to.deep.equal(['Subscriber failed with exception: RangeError (worse)'])
    })

    it('may handle them by a method, given by its name', async () => {
      class ByMethod extends Subscriber {
        static {
          this.subscribeTo(OrderPlaced)
          this.rescueFrom(TypeError, 'RangeError', { with: 'note' })
        }
        note(error: Error) {
          calls.push(error.name)
        }
        call(_event: OrderPlaced) {
          throw new RangeError('no')
        }
      }
      await publish(new OrderPlaced({ orderId: 1 }))
      expect(calls).to.include('RangeError')
      const mistyped = thrownBy(() => ByMethod.rescueFrom(TypeError, { with: 'noet' as 'note' }))
      expect([mistyped.message, mistyped.hint]).to.satisfy(
        ([message, hint]: [string, string]) => /a handler/.test(message) && /name of a method/.test(hint),
      )
    })

    it('need a handler', () => {
      expect(() => Base.rescueFrom(TypeError as never)).to.throw('rescueFrom needs one or more error classes and a handler')
      expect(() => Base.rescueFrom(undefined as never, () => {})).to.throw('rescueFrom needs one or more error classes and a handler')
      const ofRuby = thrownBy(() => Base.rescueFrom('StandardError', () => {}))
      expect(ofRuby.message).to.include('rescueFrom names StandardError of Ruby, which nothing here is')
      expect(ofRuby).to.have.property('hint', 'Pass Error: all errors are of it.')
    })
  })

  it('can subscribe to several classes at once, in one way', async () => {
    class OrderCancelled extends Event<{ reason: string }> {}
    class Count extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, OrderCancelled, { priority: 3 })
      }
      call(event: OrderPlaced | OrderCancelled) {
        calls.push(event.constructor.name)
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    await publish(new OrderCancelled({ reason: 'none' }))
    expect(calls).to.deep.equal(['OrderPlaced', 'OrderCancelled'])
    const listed = listSubscribers().filter(({ subscriber }) => subscriber === Count.name)
    expect(listed.map(({ event, priority }) => [event, priority])).to.deep.equal([
      ['OrderPlaced', 3],
      ['OrderCancelled', 3],
    ])
  })

  it('are refused options that there are not, and values that make no sense', () => {
    class Wrong extends Subscriber {
      call(_event: OrderPlaced) {}
    }
    const refused = (options: object) => thrownBy(() => Wrong.subscribeTo(OrderPlaced, options as SubscribeOptions))
    expect(refused({ defered: true })).to.include({
      message: "Wrong can't subscribe like that: there is no option 'defered', perhaps deferred is meant.",
      hint: 'The options are deferred, inTransaction, everyProcess, priority, queue.',
    })
    expect(refused({ deferred: 'yes' }).message).to.include('deferred is yes')
    expect(refused({ priority: Number.NaN }).message).to.include('the priority NaN is no number')
    expect(listSubscribers().some(({ subscriber }) => subscriber === 'Wrong')).to.equal(false)
  })

  it('can subscribe to the events of all classes made with a mixin', async () => {
    const Auditable = eventMixin((Parent: EventConstructor) => class extends Parent<{ actor: string }> {}, 'Auditable')
    class AccountClosed extends Auditable(Event) {}
    class RefundGiven extends Auditable(Event) {}
    class Audit extends Subscriber {
      static {
        this.subscribeTo(Auditable)
      }
      call(event: { readonly actor: string }) {
        calls.push([event.constructor.name, event.actor])
      }
    }
    await publish(new AccountClosed({ actor: 'ann' }))
    await publish(new RefundGiven({ actor: 'bob' }))
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(Audit.name).to.equal('Audit')
    expect(calls).to.deep.equal([
      ['AccountClosed', 'ann'],
      ['RefundGiven', 'bob'],
    ])
  })

  it('are refused what is neither a class nor a mixin, and options that exclude each other', () => {
    class Mistaken extends Subscriber {
      call() {}
    }
    const maker = () => OrderPlaced
    expect(() => Mistaken.subscribeTo(maker as never)).to.throw('Mistaken subscribes to maker, which is no class of events.')
    expect(() => Mistaken.subscribeTo(OrderPlaced, { deferred: true, everyProcess: true })).to.throw(
      "Mistaken can't subscribe like that: deferred and everyProcess exclude each other.",
    )
  })

  describe('in a transaction', () => {
    function transaction() {
      const waiting: (() => void | Promise<void>)[] = []
      return {
        run: (work: () => Promise<void>) => runExecution({ transaction: { afterAllCommits: (later) => void waiting.push(later) } }, work),
        commit: async () => {
          for (const later of waiting) await later()
        },
      }
    }
    const subscribed = (name: string, options: SubscribeOptions) => {
      class Noting extends Subscriber {
        call(event: OrderPlaced) {
          calls.push([name, event.orderId])
        }
      }
      Object.defineProperty(Noting, 'name', { value: name })
      Noting.subscribeTo(OrderPlaced, options)
    }

    it('are called after the commit, in order', async () => {
      subscribed('second', { priority: 2 })
      subscribed('first', { priority: 1 })
      const { run, commit } = transaction()
      await run(() => publish(new OrderPlaced({ orderId: 1 })))
      expect(calls).to.deep.equal([])
      await commit()
      expect(calls).to.deep.equal([
        ['first', 1],
        ['second', 1],
      ])
    })

    it('write their log lines with the tags and fields of where the event was published, also when they are deferred', async () => {
      const logs = () => {
        const { logTags, logFields } = currentExecution() ?? {}
        return [logTags, logFields?.['tenant'], logFields?.['subscriber']]
      }
      class After extends Subscriber {
        call(_event: OrderPlaced) {
          calls.push(logs())
        }
      }
      class Later extends After {}
      After.subscribeTo(OrderPlaced)
      Later.subscribeTo(OrderPlaced, { deferred: true })
      const { run, commit } = transaction()
      await run(() => withExecution({ logTags: ['import'], logFields: { tenant: 'a' } }, () => publish(new OrderPlaced({ orderId: 1 }))))
      await commit()
      await stage.runAll([DeliverEvent])
      expect(calls).to.deep.equal([
        [['import'], 'a', 'After'],
        [['import'], 'a', 'Later'],
      ])
    })

    it('are not called when it is rolled back', async () => {
      subscribed('never', {})
      subscribed('deferred', { deferred: true })
      await transaction().run(() => publish(new OrderPlaced({ orderId: 1 })))
      expect(calls).to.deep.equal([])
      expect(await stage.backend.counts()).to.include({ waiting: 0 })
    })

    it('take part in it when they ask to', async () => {
      subscribed('inside', { inTransaction: true })
      subscribed('after', {})
      const { run, commit } = transaction()
      await run(() => publish(new OrderPlaced({ orderId: 1 })))
      expect(calls).to.deep.equal([['inside', 1]])
      await commit()
      expect(calls).to.deep.equal([
        ['inside', 1],
        ['after', 1],
      ])
    })
  })
})

function thrownBy(work: () => unknown): InvalidSubscription {
  try {
    work()
  } catch (error) {
    return error as InvalidSubscription
  }
  throw new Error('nothing was thrown')
}
