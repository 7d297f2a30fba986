import { Subscriber } from 'regauge'
import { OrderPlaced } from '../events/order_placed.ts'
import { Inventory } from '../models/inventory.ts'

export class UpdateInventory extends Subscriber {
  static {
    this.subscribeTo(OrderPlaced, { deferred: true })
  }

  async call(event: OrderPlaced) {
    const inventory = await Inventory.findOrCreateByOrThrow({ product_id: event.order.product_id })
    await inventory.incrementOrThrow('sold', event.order.amount)
  }
}
