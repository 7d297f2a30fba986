import { expect } from 'chai'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import {
  instrument,
  isListening,
  LogSubscriber,
  type NotificationEvent,
  NotificationSubscriber,
  unsubscribe,
} from '../../src/notifications/index.ts'

describe('classes of subscribers to notifications', () => {
  const told: unknown[] = []
  const lines: Record<string, unknown>[] = []
  const logAt = (level: 'debug' | 'info' | 'error') =>
    useLogger(createLogger({ format: 'json', level, stream: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) } }))
  beforeEach(() => {
    told.splice(0)
    lines.splice(0)
    logAt('info')
  })
  afterEach(() => {
    for (const subscriberClass of [Metrics, Urgent, Audit]) subscriberClass.detachFrom('shop')
    useLogger(undefined)
  })

  class Metrics extends NotificationSubscriber {
    readonly prefix: string = 'metrics'
    get isAccessor() {
      throw new Error('It is no method.')
    }
    placeOrder({ name, payload }: NotificationEvent) {
      told.push([this.prefix, name, payload['id']])
    }
    cancel_order({ name }: NotificationEvent) {
      told.push([this.prefix, name])
    }
    start() {
      told.push('start')
    }
  }
  class Urgent extends Metrics {
    override readonly prefix = 'urgent'
    refund({ name }: NotificationEvent) {
      told.push([this.prefix, name])
    }
  }
  class Audit extends LogSubscriber {
    static {
      this.subscribeLogLevel('cancelOrder', 'debug')
    }
    placeOrder({ payload }: NotificationEvent) {
      this.info('an order', { order: payload['id'] })
    }
    cancelOrder() {
      this.warn('cancelled')
    }
    refund() {
      throw new Error('no till')
    }
  }

  it('are told of the events of a namespace by methods of their names, in either spelling', () => {
    Metrics.attachTo('shop')
    instrument('place_order.shop', { id: 7 })
    instrument('cancel_order.shop')
    instrument('place_order.library', { id: 8 })
    expect(told).to.deep.equal([
      ['metrics', 'place_order.shop', 7],
      ['metrics', 'cancel_order.shop'],
    ])
    expect(['start.shop', 'is_accessor.shop', 'listens_to.shop', 'refund.shop'].filter(isListening)).to.deep.equal([])
  })

  it('are told of what their own methods are for, and of what they inherit when that is asked for', () => {
    Urgent.attachTo('shop')
    instrument('place_order.shop')
    instrument('refund.shop')
    expect(told).to.deep.equal([['urgent', 'refund.shop']])
    Urgent.attachTo('shop', { inheritAll: true })
    instrument('cancel_order.shop')
    instrument('refund.shop')
    expect(told.slice(1)).to.deep.equal([
      ['urgent', 'cancel_order.shop'],
      ['urgent', 'refund.shop'],
    ])
  })

  it('may be given, and end when they are detached', () => {
    const subscriber = new Urgent()
    expect(Urgent.attachTo('shop', { subscriber })).to.equal(subscriber)
    expect(isListening('refund.shop')).to.equal(true)
    Urgent.detachFrom('library')
    expect(isListening('refund.shop')).to.equal(true)
    Urgent.detachFrom('shop')
    expect(isListening('refund.shop')).to.equal(false)
  })

  it('can be unsubscribed by the name of an event, too', () => {
    Metrics.attachTo('shop')
    unsubscribe('place_order.shop')
    instrument('place_order.shop')
    instrument('cancel_order.shop')
    expect(told).to.deep.equal([['metrics', 'cancel_order.shop']])
  })

  it('write log lines, those of some methods only while lines of their level are written', () => {
    Audit.attachTo('shop')
    instrument('place_order.shop', { id: 7 })
    instrument('cancel_order.shop')
    logAt('debug')
    instrument('cancel_order.shop')
    expect(lines.map(({ level, message, order }) => [level, message, order])).to.deep.equal([
      ['info', 'an order', 7],
      ['warn', 'cancelled', undefined],
    ])
  })

  it('disturb nobody when they fail: that is logged', () => {
    Audit.attachTo('shop')
    instrument('refund.shop', {}, () => told.push('refunded'))
    expect(told).to.deep.equal(['refunded'])
    expect(lines.map(({ message }) => message)).to.deep.equal(['A subscriber of refund.shop failed: no till'])
  })

  it('are refused without a namespace, and without methods', () => {
    class Empty extends LogSubscriber {}
    expect(() => Metrics.attachTo('')).to.throw("of no namespace: Metrics is attached to a name such as 'active_job'")
    expect(() => Empty.attachTo('shop')).to.throw('with Empty, which has no method of its own')
  })
})
