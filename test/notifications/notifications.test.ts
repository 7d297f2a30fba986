import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import {
  channel,
  instrument,
  isListening,
  type NotificationEvent,
  subscribe,
  subscribed,
  type Subscription,
  type TimedArguments,
  unsubscribe,
} from '../../src/notifications/index.ts'

describe('notifications', () => {
  const open: Subscription[] = []
  const keep = (subscription: Subscription) => {
    open.push(subscription)
    return subscription
  }

  afterEach(() => {
    for (const subscription of open.splice(0)) unsubscribe(subscription)
    useLogger(undefined)
  })

  it('tell of an event when its work has ended, with what the work added', async () => {
    const events: NotificationEvent[] = []
    keep(subscribe('send.newsletter', (event) => events.push(event)))
    const result = await instrument('send.newsletter', { id: 1 }, async (payload) => {
      await null
      payload['sent'] = 3
      expect(events).to.deep.equal([])
      return 'done'
    })
    expect(result).to.equal('done')
    expect(events.map(({ name, payload }) => [name, payload])).to.deep.equal([['send.newsletter', { id: 1, sent: 3 }]])
    expect(events[0]!.duration).to.be.at.least(0)
    expect(events[0]!.end.getTime()).to.be.at.least(events[0]!.time.getTime())
  })

  it('give handlers with more parameters the five that Rails gives, with dates or milliseconds', () => {
    const calls: unknown[][] = []
    keep(
      subscribe('a.b', (name: string, started: Date, finished: Date, id: string, payload: object) =>
        calls.push([name, started, finished, id, payload]),
      ),
    )
    keep(
      subscribe('a.b', (name: string, started: number, finished: number) => void calls.push([name, finished - started]), {
        monotonic: true,
      }),
    )
    instrument('a.b', { x: 1 })
    expect(calls[0]![0]).to.equal('a.b')
    expect(calls[0]!.slice(1, 3).every((time) => time instanceof Date)).to.equal(true)
    expect(calls[0]![4]).to.deep.equal({ x: 1 })
    expect(calls[1]![1]).to.be.a('number')
  })

  it('give the event to handlers of exactly one parameter, and the five to all others, as Rails does', () => {
    const seen: unknown[][] = []
    const five = (...args: TimedArguments) => void seen.push(args.map((arg) => (arg instanceof Date ? 'Date' : typeof arg)))
    keep(subscribe('a.b', five))
    keep(subscribe('a.b', (name: string, ...rest: unknown[]) => void seen.push([name, rest.length])))
    keep(subscribe('a.b', ({ name, ...rest }: NotificationEvent) => void seen.push([name, rest.payload])))
    keep(subscribe('a.b', (event) => void seen.push([event.name, ...Object.keys(event.payload)]), { monotonic: true }))
    instrument('a.b', { x: 1 })
    expect(seen).to.deep.equal([
      ['string', 'Date', 'Date', 'string', 'object'],
      ['a.b', 4],
      ['a.b', { x: 1 }],
      ['a.b', 'x'],
    ])
  })

  it('tell classes of the beginning and of the end by their static methods', () => {
    const seen: string[] = []
    class Trace {
      static start(name: string) {
        seen.push(`start ${name}`)
      }
      static finish(name: string) {
        seen.push(`finish ${name}`)
      }
    }
    keep(subscribe('a.b', Trace))
    instrument('a.b')
    expect(seen).to.deep.equal(['start a.b', 'finish a.b'])
  })

  it('tell objects and classes by their method call, of the event or of the five', () => {
    const seen: unknown[] = []
    class Metrics {
      readonly prefix = 'metrics'
      call(event: NotificationEvent) {
        seen.push([this.prefix, event.name, event.payload['size']])
      }
    }
    class Audit {
      static call(name: string, started: Date, _finished: Date, _id: string, payload: Record<string, unknown>) {
        seen.push([this.name, name, started instanceof Date, payload['size']])
      }
    }
    class Inherited extends Audit {}
    for (const handler of [new Metrics(), Audit, Inherited] as const) keep(subscribe('a.b', handler as typeof Audit))
    instrument('a.b', { size: 3 })
    expect(seen).to.deep.equal([
      ['metrics', 'a.b', 3],
      ['Audit', 'a.b', true, 3],
      ['Inherited', 'a.b', true, 3],
    ])
    expect(subscribed('a.b', new Metrics(), () => instrument('a.b', {}, () => 7))).to.equal(7)
    expect(seen.at(-1)).to.deep.equal(['metrics', 'a.b', undefined])
  })

  it('are refused what can not be told, and what names no event', () => {
    const loose = subscribe as (pattern: unknown, handler: unknown) => Subscription
    expect(() => loose('a.b', {})).to.throw('neither a function nor an object with call, or with start and finish')
    expect(() => loose('a.b', undefined)).to.throw('neither a function nor an object with call, or with start and finish')
    expect(() => loose(7, () => {})).to.throw('by number: a name, a pattern or undefined (for all) comes first')
    expect(isListening('a.b')).to.equal(false)
  })

  it('tell objects of the beginning and of the end', () => {
    const seen: string[] = []
    keep(subscribe('a.b', { start: (name) => void seen.push(`start ${name}`), finish: (name) => void seen.push(`finish ${name}`) }))
    instrument('a.b', {}, () => seen.push('work'))
    expect(seen).to.deep.equal(['start a.b', 'work', 'finish a.b'])
  })

  it('match by name, by pattern, and all', () => {
    const seen: string[] = []
    keep(subscribe(/\.active_record$/g, ({ name }) => seen.push(`pattern ${name}`)))
    keep(subscribe(undefined, ({ name }) => seen.push(`all ${name}`)))
    for (const name of ['sql.active_record', 'sql.active_record', 'other']) instrument(name)
    expect(seen).to.deep.equal([
      'pattern sql.active_record',
      'all sql.active_record',
      'pattern sql.active_record',
      'all sql.active_record',
      'all other',
    ])
  })

  it('end when they are unsubscribed, by subscription or by name', () => {
    const seen: string[] = []
    const some = keep(subscribe(/^[ab]$/, ({ name }) => seen.push(name)))
    const kept = channel('a')
    expect([kept.isOn, isListening('b')]).to.deep.equal([true, true])
    unsubscribe('a')
    instrument('a')
    instrument('b')
    unsubscribe(some)
    instrument('b')
    expect(seen).to.deep.equal(['b'])
    expect([kept.isOn, isListening('b')]).to.deep.equal([false, false])
  })

  it('go on where they are to all events, when a name is unsubscribed, as in Rails', () => {
    const seen: string[] = []
    const all = keep(subscribe(undefined, ({ name }) => seen.push(name)))
    unsubscribe('a')
    instrument('a')
    unsubscribe(all)
    instrument('a')
    expect(seen).to.deep.equal(['a'])
  })

  it('tell those first that subscribed to the name, as in Rails', () => {
    const seen: string[] = []
    keep(subscribe(/a/, () => void seen.push('pattern')))
    keep(subscribe(undefined, () => void seen.push('all')))
    keep(subscribe('a', () => void seen.push('name')))
    keep(subscribe('a', () => void seen.push('name again')))
    instrument('a')
    expect(seen).to.deep.equal(['name', 'name again', 'pattern', 'all'])
  })

  it('are listened to while some work runs', async () => {
    const seen: string[] = []
    await subscribed(
      'a',
      ({ name }) => seen.push(name),
      async () => {
        await null
        instrument('a')
      },
    )
    instrument('a')
    expect(seen).to.deep.equal(['a'])
    expect(() =>
      subscribed(
        'a',
        () => {},
        () => {
          throw new Error('no')
        },
      ),
    ).to.throw('no')
    expect(isListening('a')).to.equal(false)
  })

  it('are timed by a clock that nobody sets while some work runs, where that is asked for', () => {
    const times: unknown[] = []
    const timed = (_name: string, started: number, finished: number) => void times.push(typeof started, finished >= started)
    subscribed('a', timed, () => instrument('a'), { monotonic: true })
    expect(times).to.deep.equal(['number', true])
  })

  it('tell of errors, and pass them on', async () => {
    const payloads: Record<string, unknown>[] = []
    keep(subscribe('a', ({ payload }) => payloads.push(payload)))
    const error = new TypeError('wrong')
    expect(() =>
      instrument('a', {}, () => {
        throw error
      }),
    ).to.throw(error)
    const rejected = await instrument('a', {}, () => Promise.reject(error)).catch((reason: unknown) => reason)
    expect(rejected).to.equal(error)
    for (const payload of payloads) expect(payload).to.deep.equal({ exception: ['TypeError', 'wrong'], exception_object: error })
    expect(payloads).to.have.length(2)
  })

  it('survive a subscriber that rejects later, which is logged', async () => {
    const lines: string[] = []
    const logged = new Promise<void>((resolve) => {
      const write = (line: string) => {
        lines.push(line)
        resolve()
      }
      useLogger(createLogger({ format: 'json', level: 'error', stream: { write } }))
    })
    keep(
      subscribe('a', async () => {
        await null
        throw new Error('broken')
      }),
    )
    instrument('a')
    await logged
    expect(JSON.parse(lines[0]!)).to.include({ message: 'A subscriber of a failed: broken' })
  })

  it('survive a subscriber that throws, which is logged', () => {
    const lines: string[] = []
    useLogger(createLogger({ format: 'json', level: 'error', stream: { write: (line) => lines.push(line) } }))
    const seen: string[] = []
    keep(
      subscribe('a', () => {
        throw new Error('broken')
      }),
    )
    keep(subscribe('a', ({ name }) => seen.push(name)))
    expect(instrument('a', {}, () => 1)).to.equal(1)
    expect(seen).to.deep.equal(['a'])
    expect(JSON.parse(lines[0]!)).to.include({ message: 'A subscriber of a failed: broken' })
  })

  it('survive subscribers that throw what has no text', async () => {
    const lines: string[] = []
    useLogger(createLogger({ format: 'json', level: 'error', stream: { write: (line) => lines.push(line) } }))
    const seen: string[] = []
    const thrown: unknown[] = [null, Object.create(null), { toString: 1 }, Symbol('odd')]
    for (const value of thrown) {
      keep(
        subscribe('a', () => {
          throw value
        }),
      )
    }
    keep(subscribe('a', async () => Promise.reject(Object.create(null))))
    keep(subscribe('a', ({ name }) => seen.push(name)))
    instrument('a')
    await new Promise(setImmediate)
    expect(seen).to.deep.equal(['a'])
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).to.deep.equal(
      ['null', 'object', 'object', 'Symbol(odd)', 'object'].map((text) => `A subscriber of a failed: ${text}`),
    )
  })

  it('pass on the error of the work, though it can not be read, or the payload takes nothing more', () => {
    keep(subscribe('a', () => {}))
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    for (const [payload, error] of [
      [Object.freeze({ id: 1 }), new Error('no paper')],
      [{}, proxy],
    ] as const) {
      let caught: unknown
      try {
        instrument('a', payload, () => {
          throw error
        })
      } catch (thrown) {
        caught = thrown
      }
      expect(caught === error).to.equal(true)
    }
  })

  it('wait for promises of another realm', async () => {
    const seen: unknown[] = []
    keep(subscribe('a', ({ payload }) => seen.push(payload['pages'])))
    const foreign = runInNewContext('(work) => (async () => { await null; work() })()') as (work: () => void) => Promise<void>
    await instrument('a', {}, (payload) => foreign(() => (payload['pages'] = 3)))
    expect(seen).to.deep.equal([3])
  })

  it('end when subscribers tell each other without end', () => {
    const lines: string[] = []
    useLogger(createLogger({ format: 'json', level: 'error', stream: { write: (line) => lines.push(line) } }))
    const seen: string[] = []
    for (const name of ['a', 'a', 'b']) keep(subscribe(name, (_event) => instrument(name === 'a' ? 'b' : 'a')))
    keep(subscribe('a', ({ payload }) => payload['isOurs'] && seen.push('a')))
    expect(instrument('a', { isOurs: true }, () => 1)).to.equal(1)
    expect(seen).to.deep.equal(['a'])
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).to.deep.equal(
      Array(2).fill('A subscriber of a failed: Maximum call stack size exceeded'),
    )
  })
})
