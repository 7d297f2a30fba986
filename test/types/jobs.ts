import { Event, publish, Subscriber } from '../../src/events/index.ts'
import { type ChildJob, type ConfiguredJob, Job, minutes, type RetryAttempt, type RetryInterval } from '../../src/jobs/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const exactly = <_T extends true>(): void => {}

class Timeout extends Error {}
const networkErrors = [Timeout, 'ConnectionReset']

abstract class ApplicationJob extends Job {
  static {
    this.discardOn(Timeout, 'RecordNotFound')
  }
}

abstract class Audited extends Job {
  static {
    this.beforeEnqueue((job) => {
      exactly<Equal<(typeof job)['arguments'][0], unknown>>()
    })
  }
}

class Charge extends Audited {
  static {
    this.queueAs((job) => (job.arguments[0].total > 1000 ? 'urgent' : 'default'))
    this.queueWithPriority((job) => (job.arguments[1]?.isTest ? 100 : 0))
    this.beforeEnqueue((job) => void job.arguments[0].total.toFixed(), { if: (job) => job.arguments.length > 1 })
    this.aroundPerform(async (job, next) => {
      exactly<Equal<(typeof job)['arguments'][0], { total: number }>>()
      await next()
    })
    this.afterPerform((job: Charge) => void job.perform)
    // @ts-expect-error no argument has such a field
    this.queueAs((job) => job.arguments[0].queue)
    // What a handler is told of may have no arguments: a record among them is gone.
    this.afterDiscard((job) => {
      exactly<Equal<(typeof job)['arguments'], unknown[]>>()
    })
  }

  perform(_order: { total: number }, _options?: { isTest?: boolean }) {}
}

class AddUp extends Job {
  static {
    this.queueAs((job) => (job.arguments.some((one) => one > 1000) ? 'urgent' : 'default'))
  }

  perform(..._numbers: number[]) {}
}

class SendConfirmation extends ApplicationJob {
  static {
    this.queueAs((job) => (job.arguments.length > 1 ? 'urgent' : 'default'))
    this.retryOn(Timeout, TypeError, { wait: 'polynomially_longer', attempts: 10 }, (job, error) => job.report(error.message))
    this.retryOn(Timeout, { wait: (executions) => minutes(executions), attempts: 'unlimited', jitter: null })
    this.discardOn(RangeError, (job) => job.report('discarded'))
    this.rescueFrom(Error, (job, error) => job.report(error.message))
    this.beforePerform('prepare')
    this.aroundPerform(async (job, next) => {
      job.prepare()
      await next()
    })
    // @ts-expect-error no method of that name
    this.beforePerform('prepair')
    this.beforePerform('prepare', (job) => job.report('twice'), { if: 'isLoud', unless: [(job) => job.executions > 1] })
    this.retryOn(Timeout, (job, error) => job.report(error.message))
    this.discardOn(RangeError, { report: true }, (job) => job.report('discarded'))
    this.rescueFrom(Timeout, 'handle')
    this.rescueFrom(Timeout, { with: 'handle' })
    this.limitsConcurrency({ to: 2, key: (orderId) => orderId, duration: minutes(5), onConflict: 'discard' })
    this.limitsRate({ to: 100, per: minutes(1), key: (orderId) => orderId.toFixed(), group: 'payments' })
    this.limitsRate({ to: 10, per: 1 })
    this.uniqueFor(minutes(10), { until: 'executing', key: (orderId) => orderId })
    this.timeout(minutes(1))
    // What is wrong stands on a line of its own where the compiler is to name it.
    this.retryOn(Timeout, TypeError, {
      // @ts-expect-error no such algorithm
      wait: 'exponentially_longer',
    })
    this.retryOn(Timeout, {
      // @ts-expect-error no such option
      attempt: 3,
    })
    this.discardOn(Timeout, {
      // @ts-expect-error no such option
      reprot: true,
    })
    this.retryOn(
      Timeout,
      // @ts-expect-error neither an error class, options nor a function
      5,
    )
    this.retryOn(...networkErrors, { wait: 5 })
    this.beforePerform(
      'prepare',
      // @ts-expect-error no method of that name
      'prepair',
      { prepend: true },
    )
    this.afterPerform('prepare', {
      // @ts-expect-error no method of that name
      if: 'isLuod',
    })
    // @ts-expect-error no method of that name
    this.rescueFrom(Timeout, { with: 'hanlde' })
    // @ts-expect-error no such conflict
    this.limitsConcurrency({ onConflict: 'drop' })
    // @ts-expect-error spelled as in Ruby
    this.limitsConcurrency({ on_conflict: 'discard' })
    // @ts-expect-error the time is missing
    this.limitsRate({ to: 100 })
    // @ts-expect-error Sidekiq's word for `per`
    this.limitsRate({ to: 100, per: minutes(1), period: 60 })
    // @ts-expect-error the argument is a number
    this.limitsRate({ to: 100, per: minutes(1), key: (orderId) => orderId.trim() })
    // @ts-expect-error Sidekiq's word for `executing`
    this.uniqueFor(60, { until: 'start' })
    // @ts-expect-error a number or a duration
    this.timeout('5 minutes')
    // @ts-expect-error a number, or a function of the job
    this.queueWithPriority('high')
  }
  static override retryInterval(error: Error, context: RetryAttempt): RetryInterval {
    return error instanceof Timeout ? minutes(context.attempt) : super.retryInterval(error, context)
  }
  isLoud(): boolean {
    return true
  }
  handle(_error: Error): void {}
  prepare(): void {}
  report(_message: string): void {}
  async perform(orderId: number, options: { copy?: boolean } = {}): Promise<string> {
    return `${orderId} ${options.copy}`
  }
}

export async function jobs(): Promise<void> {
  const job = await SendConfirmation.performLater(42)
  exactly<Equal<typeof job, SendConfirmation | false>>()
  await SendConfirmation.performLater(42, { copy: true })
  const configured = SendConfirmation.set({ wait: minutes(5), queue: 'mailers', priority: 3 })
  exactly<Equal<typeof configured, ConfiguredJob<SendConfirmation>>>()
  await configured.performLater(1)
  const result = await SendConfirmation.performNow(1)
  exactly<Equal<typeof result, string | Error | false | undefined>>()
  // @ts-expect-error an order id is a number
  await SendConfirmation.performLater('42')
  // @ts-expect-error the order id is missing
  await configured.performLater()
  // @ts-expect-error an abstract job has no perform
  await ApplicationJob.performLater()
  // @ts-expect-error a time is a Date
  SendConfirmation.set({ waitUntil: 'tomorrow' })
  // @ts-expect-error spelled as in Ruby
  SendConfirmation.set({ wait_until: new Date() })
  await Job.performAllLater(new SendConfirmation(1), [new SendConfirmation(2)])
  // @ts-expect-error a class is no job
  await Job.performAllLater(SendConfirmation)
  const waiting = await new SendConfirmation(3).after([new SendConfirmation(1), new SendConfirmation(2)], { onFailure: 'fail' }).enqueue()
  exactly<Equal<typeof waiting, SendConfirmation | false>>()
  // @ts-expect-error a list of jobs
  new SendConfirmation(3).after(new SendConfirmation(1))
  // @ts-expect-error a job, not its class
  new SendConfirmation(3).after([SendConfirmation])
  // @ts-expect-error no such choice
  new SendConfirmation(3).after([], { onFailure: 'ignore' })
  const children = await new SendConfirmation(3).children()
  exactly<Equal<typeof children, ChildJob[]>>()
  await SendConfirmation.performBulk([[1], [2, { copy: true }]])
  await SendConfirmation.performBulk([[1], [2]], { at: [60, minutes(5)], batchSize: 100 })
  await configured.performBulk([[1]], { spreadInterval: minutes(5) })
  await SendConfirmation.performBulk([[1]], {
    // @ts-expect-error spelled as in Ruby
    batch_size: 100,
  })
  const inline = await SendConfirmation.performInline(1)
  exactly<Equal<typeof inline, string | false | undefined>>()
  // @ts-expect-error the time comes first
  await SendConfirmation.performIn('5 minutes', 1)
  await SendConfirmation.enqueue(1, {}, { delay: minutes(5) })
  // @ts-expect-error no such option
  await SendConfirmation.enqueue(1, {}, { delayed: 5 })
}

class Import extends ApplicationJob {
  perform(_path: string, _batch = 100, _isDry?: boolean): void {}
}
class Add extends Job {
  perform(..._numbers: number[]): void {}
}
class Tick extends Job {
  perform(): void {}
}

export async function delays(): Promise<void> {
  await SendConfirmation.enqueue(1)
  await SendConfirmation.enqueue(1, { copy: true })
  const job = await SendConfirmation.enqueue(1, { delay: 5 })
  exactly<Equal<typeof job, SendConfirmation | false>>()
  await SendConfirmation.enqueue(1, undefined, { delayUntil: new Date() })
  await Import.enqueue('a.csv')
  await Import.enqueue('a.csv', { delay: minutes(1) })
  await Import.enqueue('a.csv', 50, { delay: 1 })
  await Import.enqueue('a.csv', 50, true, { delayUntil: 1_900_000_000 })
  await Add.enqueue(1, 2, 3)
  await Add.enqueue(1, 2, { delay: 3 })
  await Tick.enqueue()
  await Tick.enqueue({ delay: 1 })
  // @ts-expect-error the order id is missing
  await SendConfirmation.enqueue()
  // @ts-expect-error the order id is missing
  await SendConfirmation.enqueue({ delay: 1 })
  // @ts-expect-error an order id is a number
  await SendConfirmation.enqueue('1', { delay: 1 })
  // @ts-expect-error no such option
  await SendConfirmation.enqueue(1, { delayed: 5 })
  // @ts-expect-error a size of batches is a number
  await Import.enqueue('a.csv', '50', { delay: 1 })
  // @ts-expect-error nothing to perform with
  await Tick.enqueue(1)
}

class OrderPlaced extends Event<{ order: { id: number } }> {
  get label(): string {
    return `order ${this.order.id}`
  }
}
class RushOrderPlaced extends OrderPlaced {}
class Started extends Event {}
class Noticed extends Event<{ by?: string }> {}

export class UpdateInventory extends Subscriber {
  static {
    this.subscribeTo(OrderPlaced, { deferred: true })
    this.subscribeTo(RushOrderPlaced)
    this.subscribeTo(OrderPlaced, RushOrderPlaced, { priority: 1 })
    // @ts-expect-error `call` takes an OrderPlaced
    this.subscribeTo(Started)
    // @ts-expect-error one of them is none
    this.subscribeTo(OrderPlaced, Started)
    // @ts-expect-error no such option
    this.subscribeTo(OrderPlaced, { defered: true })
    this.rescueFrom(Timeout, { with: 'forget' })
    // @ts-expect-error no method of that name
    this.rescueFrom(Timeout, { with: 'frget' })
  }
  forget(_error: Error): void {}
  async call(event: OrderPlaced): Promise<void> {
    exactly<Equal<typeof event.order, { id: number }>>()
  }
}

export class Everything extends Subscriber {
  static {
    this.subscribeTo(Event, { priority: 10 })
  }
  call(event: Event): void {
    void event
  }
}

export async function events(): Promise<void> {
  const event = new RushOrderPlaced({ order: { id: 1 } })
  exactly<Equal<typeof event.order, { id: number }>>()
  await publish(event)
  new Started()
  new Noticed()
  new Noticed({ by: 'ann' })
  // @ts-expect-error the order is missing
  new OrderPlaced({})
  // @ts-expect-error the payload is missing
  new OrderPlaced()
  // @ts-expect-error events don't change
  event.order = { id: 2 }
}

export const queued = () => Job.performAllLater(new Charge({ total: 1 }), new AddUp(1, 2))
