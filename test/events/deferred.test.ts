import { expect } from 'chai'
import { DeliverEvent, Event, type EventCall, listSubscribers, publish, type SubscribeOptions, Subscriber } from '../../src/events/index.ts'
import { minutes, type RetryAttempt } from '../../src/jobs/index.ts'
import { subscribed } from '../../src/notifications/index.ts'
import { eventStage } from './event_stage.ts'

class OrderPlaced extends Event<{ orderId: number }> {}

describe('deferred subscribers', () => {
  const { calls, log, reports, stage } = eventStage()

  it('have their jobs in the queue that they name, and their listing says so', async () => {
    class Indexing extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, { deferred: true, queue: 'search', priority: 4 })
      }
      call(_event: OrderPlaced) {}
    }
    class Mailing extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call(_event: OrderPlaced) {}
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    const jobs = [...(await stage.backend.list('waiting')), ...(await stage.backend.list('prioritized'))]
    expect(jobs.map(({ queue, priority, data }) => [queue, priority, (data['arguments'] as unknown[])[0]])).to.deep.equal([
      ['default', 0, Mailing.name],
      ['search', 4, Indexing.name],
    ])
    expect(listSubscribers().map(({ subscriber, queue }) => [subscriber, queue])).to.deep.equal([
      ['Indexing', 'search'],
      ['Mailing', undefined],
    ])
    const refused = (options: object) => () => Mailing.subscribeTo(OrderPlaced, options as SubscribeOptions)
    expect(refused({ queue: 'search' })).to.throw("Mailing can't subscribe like that: it has a queue, and no jobs to be in it.")
    expect(refused({ deferred: true, queue: ' ' })).to.throw('is no name of one')
  })

  it('are called again when their class says so, as often as it says, and know which attempt it is', async () => {
    class Patient extends Subscriber {
      static override maxRetries = 2
      static override retryInterval(error: Error, { attempt }: RetryAttempt) {
        calls.push([error.message, attempt])
        return attempt === 1 ? 0 : minutes(5)
      }
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call({ orderId }: OrderPlaced, { meta }: EventCall) {
        calls.push([orderId, meta?.attempt, meta?.isRetrying, meta?.willRetry])
        throw new Error('not now')
      }
    }
    class Inherits extends Patient {
      static override maxRetries = 0
    }
    await publish(new OrderPlaced({ orderId: 7 }))
    await stage.runAll([DeliverEvent])
    expect(calls).to.deep.equal([
      [7, 1, false, true],
      ['not now', 1],
      [7, 2, true, true],
      ['not now', 2],
    ])
    const [waiting] = await stage.backend.list('delayed')
    expect(waiting!.runAt! - Date.now()).to.be.within(200_000, 300_000)
    calls.splice(0)
    Inherits.subscribeTo(OrderPlaced, { deferred: true })
    Patient.unsubscribe()
    await publish(new OrderPlaced({ orderId: 8 }))
    await stage.runAll([DeliverEvent])
    expect(calls).to.deep.equal([[8, 1, false, false]])
    expect(await stage.backend.counts()).to.include({ failed: 1, delayed: 1 })
  })

  it('wait ever longer otherwise, and fail at the tenth time', async () => {
    class Broken extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call(_event: OrderPlaced) {
        throw new Error('not now')
      }
    }
    expect(Broken.retryInterval(new Error(), { attempt: 1 })).to.be.within(3, 3.15)
    expect(Broken.retryInterval(new Error(), { attempt: 9 })).to.be.within(6563, 7548)
    const last = new DeliverEvent(Broken.name, 'OrderPlaced', {})
    last.executions = 8
    await last.enqueue()
    await stage.runAll([DeliverEvent])
    expect(await stage.backend.counts()).to.include({ delayed: 1, failed: 0 })
    last.executions = 9
    await last.enqueue()
    const stops: unknown[] = []
    await subscribed(
      'retry_stopped.active_job',
      ({ payload }) => stops.push(String(payload['error'])),
      () => stage.runAll([DeliverEvent]),
    )
    expect(stops).to.deep.equal(['Error: not now'])
    expect(await stage.backend.counts()).to.include({ delayed: 1, failed: 1 })
  })

  it('are named, with the event, in the log lines of their jobs', async () => {
    class Mailing extends Subscriber {
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call(_event: OrderPlaced) {}
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    await stage.runAll([DeliverEvent])
    expect(stage.log.map(({ message }) => message)).to.include(`Performed DeliverEvent OrderPlaced -> ${Mailing.name}`)
  })

  it('are named in the log and in reports each time they throw', async () => {
    class Broken extends Subscriber {
      static override maxRetries = 1
      static override retryInterval() {
        return 0
      }
      static {
        this.subscribeTo(OrderPlaced, { deferred: true })
      }
      call(_event: OrderPlaced) {
        throw new TypeError('no stock')
      }
    }
    await publish(new OrderPlaced({ orderId: 1 }))
    await stage.runAll([DeliverEvent])
    expect(log.map(({ message }) => message)).to.deep.equal([
      'Subscriber failed with exception: TypeError (no stock)',
      'Subscriber failed with exception: TypeError (no stock)',
    ])
    expect(reports.map(([, { handled, context }]) => [handled, context])).to.deep.equal([
      [false, { subscriber: Broken.name, event: 'OrderPlaced' }],
      [false, { subscriber: Broken.name, event: 'OrderPlaced' }],
    ])
  })
})
