import { expect } from 'chai'
import { currentPubSub, LocalPubSub, usePubSub } from '../../src/pubsub/index.ts'

describe('the local pub/sub', () => {
  it('hands a message to every subscriber of its stream, in order', () => {
    const pubsub = new LocalPubSub()
    const got: string[] = []
    pubsub.subscribe('a', (message) => got.push(`first ${message}`))
    pubsub.subscribe('a', (message) => got.push(`second ${message}`))
    pubsub.subscribe('b', (message) => got.push(`other ${message}`))
    pubsub.publish('a', '1')
    expect(got).to.deep.equal(['first 1', 'second 1'])
  })

  it('delivers the rest when a subscriber throws, and reports it', () => {
    const reported: unknown[] = []
    const pubsub = new LocalPubSub({ onError: (error, stream) => reported.push([(error as Error).message, stream]) })
    const got: string[] = []
    pubsub.subscribe('a', () => {
      throw new Error('no')
    })
    pubsub.subscribe('a', (message) => got.push(message))
    pubsub.publish('a', '1')
    expect(got).to.deep.equal(['1'])
    expect(reported).to.deep.equal([['no', 'a']])
  })

  it('forgets a stream when its last subscriber has left', async () => {
    const pubsub = new LocalPubSub()
    const leave = pubsub.subscribe('a', () => undefined)
    await leave()
    await leave()
    expect(pubsub.streams).to.deep.equal([])
  })

  it('lets the same function subscribe twice', () => {
    const pubsub = new LocalPubSub()
    let count = 0
    const handler = () => void count++
    const leave = pubsub.subscribe('a', handler)
    pubsub.subscribe('a', handler)
    pubsub.publish('a', '')
    void leave()
    pubsub.publish('a', '')
    expect(count).to.equal(3)
  })

  it('takes a subscriber that leaves during delivery at its word', () => {
    const pubsub = new LocalPubSub()
    const got: string[] = []
    pubsub.subscribe('a', () => leave())
    const leave = pubsub.subscribe('a', (message) => got.push(message))
    pubsub.publish('a', '1')
    expect(got).to.deep.equal([])
  })

  it('is silent after it was closed', async () => {
    const pubsub = new LocalPubSub()
    const got: string[] = []
    pubsub.subscribe('a', (message) => got.push(message))
    await pubsub.close()
    pubsub.publish('a', '1')
    expect(got).to.deep.equal([])
  })
})

describe('the current pub/sub', () => {
  it('is what the application set, and an error without one', () => {
    const pubsub = new LocalPubSub()
    const before = usePubSub(pubsub)
    expect(currentPubSub()).to.equal(pubsub)
    usePubSub(undefined)
    expect(() => currentPubSub()).to.throw('no application is running')
    usePubSub(before)
  })
})
