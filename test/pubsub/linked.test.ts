import { expect } from 'chai'
import { LinkedPubSub, type Published, type PubSubWire } from '../../src/pubsub/index.ts'

/** Processes whose messages one hands on to all others. */
function linked(count: number): LinkedPubSub[] {
  const handlers: ((published: Published) => void)[] = []
  return Array.from({ length: count }, (_, index) => {
    const wire: PubSubWire = {
      send: (published) => {
        for (const [other, handler] of handlers.entries()) if (other !== index) handler(published)
      },
      receive: (handler) => {
        handlers[index] = handler
      },
    }
    return new LinkedPubSub(wire)
  })
}

describe('pub/sub between the processes of a cluster', () => {
  it('brings a message to the subscribers of every process, once', () => {
    const [one, two, three] = linked(3) as [LinkedPubSub, LinkedPubSub, LinkedPubSub]
    const received: string[] = []
    for (const [index, pubsub] of [one, two].entries()) pubsub.subscribe('news', (message) => received.push(`${index}: ${message}`))
    three.publish('news', 'hello')
    one.publish('news', 'again')
    two.publish('other', 'nobody')
    expect(received.sort()).to.deep.equal(['0: again', '0: hello', '1: again', '1: hello'])
  })

  it('brings none to who has unsubscribed or closed', async () => {
    const [one, two] = linked(2) as [LinkedPubSub, LinkedPubSub]
    const received: string[] = []
    const unsubscribe = two.subscribe('news', (message) => received.push(message))
    await unsubscribe()
    two.subscribe('news', (message) => received.push(message))
    await two.close()
    one.publish('news', 'hello')
    expect(received).to.deep.equal([])
  })
})
