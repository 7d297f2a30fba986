import { expect } from 'chai'
import { Event, type EventConstructor, eventMixin, publish, Subscriber } from '../../src/events/index.ts'
import { LocalPubSub, usePubSub } from '../../src/pubsub/index.ts'
import { eventStage } from './event_stage.ts'

class OrderPlaced extends Event<{ orderId: number }> {}

describe('the subscribers of an event', () => {
  const { calls, log, reports } = eventStage()

  const noting = () =>
    class Noting extends Subscriber {
      call(event: { readonly orderId: number }) {
        calls.push(event.orderId)
      }
    }

  it('are called whatever another threw, and from where', async () => {
    class BrokenConstructor extends Subscriber {
      constructor() {
        super()
        throw null
      }
      call(_event: OrderPlaced) {}
    }
    class BrokenHandler extends Subscriber {
      static {
        this.rescueFrom(RangeError, () => {
          throw undefined
        })
      }
      call(_event: OrderPlaced) {
        throw new RangeError('no stock')
      }
    }
    class Textless extends Subscriber {
      call(_event: OrderPlaced) {
        throw Object.create(null)
      }
    }
    for (const subscriber of [BrokenConstructor, BrokenHandler, Textless, noting()]) subscriber.subscribeTo(OrderPlaced)
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(calls).to.deep.equal([1])
    expect(log.map(({ message }) => message)).to.deep.equal([
      'Subscriber failed with exception: Error (null)',
      'Subscriber failed with exception: Error (undefined)',
      'Subscriber failed with exception: Error (object)',
    ])
    expect(reports.map(([, { context }]) => context)).to.deep.equal([
      { subscriber: 'BrokenConstructor', event: 'OrderPlaced' },
      { subscriber: 'BrokenHandler', event: 'OrderPlaced' },
      { subscriber: 'Textless', event: 'OrderPlaced' },
    ])
  })

  it('are called though the error of another can not be read', async () => {
    const unreadable = () => {
      throw new Error('not even that')
    }
    const errors: unknown[] = [
      Object.defineProperty(new Error(), 'message', { get: unreadable }),
      Object.defineProperty(new Error('no stock'), 'name', { get: unreadable }),
      Object.assign(new Error(), { message: Symbol('odd') }),
      new Proxy({}, { getPrototypeOf: unreadable }),
    ]
    for (const error of errors) {
      class Unreadable extends Subscriber {
        call(_event: OrderPlaced) {
          throw error
        }
      }
      Unreadable.subscribeTo(OrderPlaced)
    }
    noting().subscribeTo(OrderPlaced)
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(calls).to.deep.equal([1])
    expect(log.map(({ message }) => message)).to.deep.equal(
      ['object', 'no stock', 'Symbol(odd)', 'object'].map((text) => `Subscriber failed with exception: Error (${text})`),
    )
  })

  it('are found by the class of the event, whatever its fields are called', async () => {
    noting().subscribeTo(OrderPlaced)
    await publish(new OrderPlaced({ orderId: 1, constructor: 'of bridges' } as { orderId: number }))
    expect(calls).to.deep.equal([1])
  })

  it('are called in this process also when the others can not be told; that is logged and reported', async () => {
    const pubsub = new LocalPubSub()
    pubsub.publish = () => {
      throw new Error('connection lost')
    }
    usePubSub(pubsub)
    noting().subscribeTo(OrderPlaced, { everyProcess: true })
    await publish(new OrderPlaced({ orderId: 1 }))
    expect(calls).to.deep.equal([1])
    expect(log.map(({ message }) => message)).to.deep.equal(['The other processes could not be told of an event: connection lost'])
    expect(reports.map(([, { handled, context }]) => [handled, context])).to.deep.equal([[false, { event: 'OrderPlaced' }]])
  })

  it('get, after they unsubscribed, what they subscribe to from then on', async () => {
    class OrderPaid extends Event<{ orderId: number }> {}
    const Changing = noting()
    Changing.subscribeTo(OrderPlaced)
    Changing.unsubscribe()
    Changing.subscribeTo(OrderPaid)
    await publish(new OrderPlaced({ orderId: 1 }))
    await publish(new OrderPaid({ orderId: 2 }))
    expect(calls).to.deep.equal([2])
  })

  it('can be those of a mixin that only marks the classes made with it', async () => {
    const Billed = eventMixin((Parent: EventConstructor) => Parent, 'Billed')
    class OrderPaid extends Billed(Event)<{ orderId: number }> {}
    class Billing extends Subscriber {
      static {
        this.subscribeTo(Billed)
      }
      call(event: object) {
        calls.push([event.constructor.name, (event as OrderPaid).orderId])
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    await publish(new OrderPaid({ orderId: 2 }))
    expect(calls).to.deep.equal([['OrderPaid', 2]])
    expect(Billing.name).to.equal('Billing')
  })

  it('can be those of a mixin that another one adds, and of the other one', async () => {
    const Traced = eventMixin((Parent: EventConstructor) => class extends Parent<{ trace: string }> {}, 'Traced')
    const Audited = eventMixin((Parent: EventConstructor) => Traced(Parent), 'Audited')
    class Paid extends Audited(Event) {}
    class Seen extends Traced(Event) {}
    const subscribe = (mixin: typeof Traced, name: string) => {
      class Noting extends Subscriber {
        call(event: { readonly trace: string }) {
          calls.push(`${name} ${event.trace}`)
        }
      }
      Noting.subscribeTo(mixin)
    }
    subscribe(Traced, 'traced')
    subscribe(Audited, 'audited')
    await publish(new Paid({ trace: 'a' }))
    await publish(new Seen({ trace: 'b' }))
    expect(calls).to.deep.equal(['audited a', 'traced a', 'traced b'])
  })

  it('are refused a priority that no job can have', () => {
    expect(() => noting().subscribeTo(OrderPlaced, { deferred: true, priority: 1.5 })).to.throw(
      "Noting can't subscribe like that: the priority 1.5 of its jobs is no whole number.",
    )
  })
})
