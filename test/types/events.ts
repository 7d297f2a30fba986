import { Event, Subscriber } from '../../src/index.ts'

class OrderPlaced extends Event<{ orderId: number }> {}
const placed = [OrderPlaced]
const network = [RangeError, 'TimeoutError']

export class Notice extends Subscriber {
  static {
    this.subscribeTo(OrderPlaced, { deferred: true })
    this.subscribeTo(...placed, { priority: 1 })
    this.rescueFrom(...network, (subscriber, error) => subscriber.note(error.message))
    this.rescueFrom(RangeError, { with: 'note' })
    // @ts-expect-error: it isn't called with dates
    this.subscribeTo(Date)
    // @ts-expect-error: there is no such option
    this.subscribeTo(OrderPlaced, { defered: true })
    // @ts-expect-error: there is no such method
    this.rescueFrom(RangeError, { with: 'noet' })
  }

  note(_message: unknown) {}

  call(_event: OrderPlaced) {}
}
