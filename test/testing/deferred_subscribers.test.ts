import { AssertionError } from 'node:assert'
import { expect } from 'chai'
import { Event, Job, publish, Subscriber } from 'regauge'
import { type TestJobs, testJobs } from 'regauge/testing'
import { Subscribers, useSubscribers } from '../../src/events/index.ts'
import { rejection } from '../model/rejection.ts'

let told: string[] = []

class OrderPlaced extends Event<{ id: number }> {}

class SendReceipt extends Subscriber {
  call({ id }: OrderPlaced) {
    told.push(`receipt of ${id}`)
  }
}

class TellWarehouse extends Subscriber {
  call({ id }: OrderPlaced) {
    told.push(`parcel for ${id}`)
  }
}

class Archive extends Job {
  perform(id: number) {
    told.push(`archive ${id}`)
  }
}

describe('the jobs of deferred subscribers in a test', () => {
  let jobs: TestJobs
  beforeEach(() => {
    useSubscribers(new Subscribers())
    SendReceipt.subscribeTo(OrderPlaced, { deferred: true, queue: 'mailers', priority: 3 })
    TellWarehouse.subscribeTo(OrderPlaced, { deferred: true })
    told = []
    jobs = testJobs({ classes: [Archive] })
  })
  afterEach(async () => {
    await jobs.stop()
    useSubscribers(new Subscribers())
  })

  it('are found by the class of the subscriber', async () => {
    const place = () => publish(new OrderPlaced({ id: 7 }))
    await jobs.assertEnqueuedWith({ job: SendReceipt, queue: 'mailers', priority: 3 }, place)
    await jobs.assertEnqueuedJobs(1, { only: SendReceipt })
    await jobs.assertNoEnqueuedJobs({ except: [SendReceipt, TellWarehouse] })
    const error = await rejection(jobs.assertEnqueuedWith({ job: TellWarehouse, queue: 'mailers' }), AssertionError)
    expect(error.message).to.match(/^No enqueued job is TellWarehouse queue: "mailers"\. Enqueued are:\n {2}DeliverEvent\(/)
  })

  it('are performed and forgotten by it, also without an application', async () => {
    await Archive.performLater(1)
    await publish(new OrderPlaced({ id: 7 }))
    await jobs.performEnqueuedJobs({ only: [TellWarehouse, Archive] })
    expect(told).to.deep.equal(['archive 1', 'parcel for 7'])
    await jobs.clearEnqueuedJobs({ only: SendReceipt })
    await jobs.assertNoEnqueuedJobs()
  })
})
