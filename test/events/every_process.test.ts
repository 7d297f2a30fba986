import { expect } from 'chai'
import { Event, type EventCall, publish, receiveEvents, Subscriber } from '../../src/events/index.ts'
import { LocalPubSub, usePubSub } from '../../src/pubsub/index.ts'
import { eventStage } from './event_stage.ts'

class OrderPlaced extends Event<{ orderId: number }> {}

describe('subscribers in every process', () => {
  const { calls, log } = eventStage()

  class Cached extends Subscriber {
    call(event: OrderPlaced, { context }: EventCall) {
      calls.push([event.constructor.name, event.orderId, context])
    }
  }

  /** What another process publishes, as it comes from the wire. */
  async function published(): Promise<{ text: string; pubsub: LocalPubSub }> {
    const pubsub = new LocalPubSub()
    usePubSub(pubsub)
    let text = ''
    pubsub.subscribe('regauge:events', (message) => (text = message))
    await publish(new OrderPlaced({ orderId: 7 }), { context: { by: 'ann' } })
    return { text, pubsub }
  }

  it('are called once where the event is published', async () => {
    Cached.subscribeTo(OrderPlaced, { everyProcess: true })
    const { pubsub, text } = await published()
    await receiveEvents(pubsub, (work) => work())
    pubsub.publish('regauge:events', text)
    expect(calls).to.deep.equal([['OrderPlaced', 7, { by: 'ann' }]])
  })

  it('are called with the events of other processes, as events of their class', async () => {
    Cached.subscribeTo(OrderPlaced, { everyProcess: true })
    const { pubsub, text } = await published()
    calls.splice(0)
    let received: Promise<void> | undefined
    await receiveEvents(pubsub, (work) => (received = work()))
    pubsub.publish('regauge:events', text.replace(/"from":"[^"]+"/, '"from":"another"'))
    await new Promise(setImmediate)
    await received
    expect(calls).to.deep.equal([['OrderPlaced', 7, { by: 'ann' }]])
  })

  it('are called whatever came before, which the log tells', async () => {
    Cached.subscribeTo(OrderPlaced, { everyProcess: true })
    const { pubsub, text } = await published()
    calls.splice(0)
    let isFirst = true
    let end = () => {}
    const isOver = new Promise<void>((resolve) => (end = resolve))
    await receiveEvents(pubsub, async (work) => {
      if (isFirst) {
        isFirst = false
        throw new RangeError('not now')
      }
      await work()
      end()
    })
    const other = text.replace(/"from":"[^"]+"/, '"from":"another"')
    const messages = ['garbage', 'null', '{"from":"another","event":{"toString":1},"values":[]}', other, other]
    for (const message of messages) pubsub.publish('regauge:events', message)
    await isOver
    expect(calls).to.deep.equal([['OrderPlaced', 7, { by: 'ann' }]])
    const told = 'An event of another process could not be delivered: '
    expect(log.map(({ message }) => message)).to.deep.equal([...Array(3).fill(`${told}what came is no event`), `${told}not now`])
  })

  it('are not called for a class that this process does not know; the log says so', async () => {
    Cached.subscribeTo(OrderPlaced, { everyProcess: true })
    const { pubsub } = await published()
    let received: Promise<void> | undefined
    await receiveEvents(pubsub, (work) => (received = work()))
    pubsub.publish('regauge:events', JSON.stringify({ from: 'another', event: 'OrderPlacd', values: [{}, {}] }))
    await new Promise(setImmediate)
    await received
    expect(log.map(({ message }) => message)[0]).to.match(/could not be delivered: .*OrderPlacd.*Did you mean OrderPlaced/)
  })
})
