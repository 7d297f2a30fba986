import { expect } from 'chai'
import { runExecution } from '../../src/context/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { type StructuredEvent, StructuredEvents } from '../../src/notifications/index.ts'

describe('structured events', () => {
  it('carry the tags and the context of where they happen, and no secrets', () => {
    const events = new StructuredEvents()
    const seen: StructuredEvent[] = []
    const subscriber = { emit: (event: StructuredEvent) => void seen.push(event) }
    events.subscribe(subscriber, ({ name }) => name !== 'ignored')
    runExecution({ requestId: '1' }, () => {
      events.tagged('early', () => events.setContext({ request_id: 'r1' }))
      events.tagged('api', { version: 2 }, () => events.tagged('inner', () => events.notify('user.signup', { id: 1, email: 'a@b' })))
      events.notify('ignored')
    })
    events.notify('outside')
    events.unsubscribe(subscriber)
    events.notify('unheard')
    expect(seen.map(({ timestamp: _, ...event }) => event)).to.deep.equal([
      {
        name: 'user.signup',
        payload: Object.assign(Object.create(Object.getPrototypeOf(seen[0]!.payload)), { id: 1, email: '[FILTERED]' }),
        tags: { api: true, version: 2, inner: true },
        context: { request_id: 'r1' },
      },
      { name: 'outside', payload: Object.create(Object.getPrototypeOf(seen[1]!.payload)), tags: {}, context: {} },
    ])
  })

  it('reach the others when a subscriber throws what has no text', () => {
    const lines: string[] = []
    useLogger(createLogger({ format: 'json', level: 'error', stream: { write: (line) => lines.push(line) } }))
    const events = new StructuredEvents()
    const seen: string[] = []
    const refuse = () => {
      throw Object.create(null)
    }
    events.subscribe({ emit: refuse })
    events.subscribe({ emit: ({ name }) => void seen.push(name) })
    events.notify('user.signup')
    useLogger(undefined)
    expect(seen).to.deep.equal(['user.signup'])
    expect(JSON.parse(lines[0]!)).to.include({ message: 'A subscriber of the structured event user.signup failed: object' })
  })

  it('survive a subscriber that rejects later, which is logged', async () => {
    const lines: string[] = []
    useLogger(createLogger({ format: 'json', level: 'error', stream: { write: (line) => lines.push(line) } }))
    const events = new StructuredEvents()
    events.subscribe({ emit: async () => Promise.reject(new Error('the stream is closed')) })
    events.notify('user.signup')
    await new Promise(setImmediate)
    useLogger(undefined)
    expect(JSON.parse(lines[0]!)).to.include({ message: 'A subscriber of the structured event user.signup failed: the stream is closed' })
  })
})
