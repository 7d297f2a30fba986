import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { runExecution, withExecution } from '../../src/context/index.ts'
import { type ErrorReport, ErrorReporter } from '../../src/errors/reporter.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'

describe('the reporter of errors', () => {
  let reporter: ErrorReporter
  let reports: [unknown, ErrorReport][]
  const subscriber = { report: (error: unknown, report: ErrorReport) => void reports.push([error, report]) }
  const error = () => new TypeError('wrong')
  const fail = (thrown: unknown) => () => {
    throw thrown
  }

  beforeEach(() => {
    reporter = new ErrorReporter()
    reports = []
    reporter.subscribe(subscriber)
  })

  it('handles: reports, and goes on with a fallback', async () => {
    const thrown = error()
    expect(reporter.handle(fail(thrown))).to.equal(undefined)
    expect(reporter.handle({ fallback: () => 2, severity: 'info', context: { a: 1 }, source: 'lib' }, fail(error()))).to.equal(2)
    expect(await reporter.handle({ fallback: () => 3 }, () => Promise.reject(error()))).to.equal(3)
    expect(reporter.handle(() => 4)).to.equal(4)
    expect(reports.map(([, report]) => report)).to.deep.equal([
      { handled: true, severity: 'warning', context: {}, source: 'application' },
      { handled: true, severity: 'info', context: { a: 1 }, source: 'lib' },
      { handled: true, severity: 'warning', context: {}, source: 'application' },
    ])
    expect(reports[0]![0]).to.equal(thrown)
  })

  it('handles only the classes that were named', () => {
    expect(() => reporter.handle(RangeError, fail(error()))).to.throw('wrong')
    expect(reporter.handle(RangeError, TypeError, fail(error()))).to.equal(undefined)
    expect(reports).to.have.length(1)
  })

  it('records: reports, and throws on', async () => {
    expect(() => reporter.record({ context: { a: 1 } }, fail(error()))).to.throw('wrong')
    const rejected = await reporter.record(() => Promise.reject(error())).catch((reason: unknown) => reason)
    expect(rejected).to.be.instanceOf(TypeError)
    expect(reports.map(([, { handled, severity }]) => [handled, severity])).to.deep.equal([
      [false, 'error'],
      [false, 'error'],
    ])
  })

  it('reports an error once, wherever it passes', () => {
    const thrown = error()
    reporter.report(thrown)
    reporter.report(thrown, { handled: false })
    expect(reports).to.have.length(1)
  })

  it('says what the request or job set', () => {
    runExecution({ requestId: '1' }, () => {
      reporter.setContext({ account: 7 })
      withExecution({ locale: 'de' }, () => reporter.setContext({ plan: 'x' }))
      reporter.report(error(), { context: { order: 1 } })
    })
    reporter.report(error())
    expect(reports.map(([, { context }]) => context)).to.deep.equal([{ account: 7, plan: 'x', order: 1 }, {}])
  })

  it('leaves a subscriber out where it is disabled, and after it was unsubscribed', () => {
    reporter.disable(subscriber, () => reporter.report(error()))
    reporter.report(error())
    reporter.unsubscribe(subscriber)
    reporter.report(error())
    expect(reports).to.have.length(1)
  })

  describe('survives', () => {
    const lines: string[] = []
    beforeEach(() => {
      lines.splice(0)
      reporter = new ErrorReporter()
      useLogger(createLogger({ format: 'json', level: 'fatal', stream: { write: (line) => lines.push(line) } }))
    })
    afterEach(() => useLogger(undefined))
    const isLogged = async (count: number) => {
      while (lines.length < count) await new Promise(setImmediate)
      return lines.map((line) => JSON.parse(line).message)
    }

    it('a subscriber that throws', () => {
      reporter.subscribe({ report: fail(new Error('service is down')) })
      reporter.subscribe({ report: fail(Object.create(null)) })
      reporter.subscribe(subscriber)
      reporter.report(error())
      expect(reports).to.have.length(1)
      expect(lines.join('')).to.include('service is down').and.to.include('A subscriber of errors failed: object')
    })

    it('a subscriber that rejects later, which nobody waits for', async () => {
      let isDown = () => {}
      const down = new Promise<void>((resolve) => (isDown = resolve))
      reporter.subscribe({
        async report() {
          await down
          throw new Error('service is down')
        },
      })
      reporter.subscribe({ report: () => Promise.reject(Object.create(null)) })
      reporter.subscribe(subscriber)
      expect(reporter.handle({ fallback: () => 1 }, fail(error()))).to.equal(1)
      expect(reports).to.have.length(1)
      expect(await isLogged(1)).to.deep.equal(['A subscriber of errors failed: object'])
      isDown()
      expect((await isLogged(2))[1]).to.equal('A subscriber of errors failed: service is down')
    })

    it('a subscriber that rejects with a promise of another realm, as those of Node are to tests that run in one of their own', async () => {
      reporter.subscribe({ report: () => runInNewContext("Promise.reject(new Error('service is down'))") })
      reporter.report(error())
      expect((await isLogged(1))[0]).to.include('service is down')
    })
  })
})
