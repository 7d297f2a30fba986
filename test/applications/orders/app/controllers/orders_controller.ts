import { broadcast, publish, RecordNotFound } from 'regauge'
import { OrderPlaced } from '../events/order_placed.ts'
import { SendOrderConfirmation } from '../jobs/send_order_confirmation.ts'
import { Order } from '../models/order.ts'
import { ApplicationController } from './application_controller.ts'

export class OrdersController extends ApplicationController {
  static {
    this.beforeAction('authenticate', { except: ['index'] })
    this.rescueFrom(RecordNotFound, (controller, error) => controller.render({ json: { error: error.message }, status: 'not_found' }))
  }

  /** Lists the orders, the newest first. */
  async index() {
    this.render({ json: await Order.order({ id: 'desc' }) })
  }

  /** Shows an order.
   * @response 200 Order */
  async show() {
    this.render({ json: await Order.find(Number(this.params.get('id'))) })
  }

  /** Places an order.
   * @request { amount: number, product_id: number }
   * @response 201 Order */
  async create() {
    const order = await Order.createOrThrow(this.orderParams())
    await SendOrderConfirmation.performLater(order.id)
    await publish(new OrderPlaced({ order }))
    await broadcast('orders', { status: 'created', order_id: order.id })
    this.render({ json: order, status: 'created' })
  }

  orderParams() {
    return this.params.require('order').permit('amount', 'product_id', { tags: [] })
  }

  authenticate() {
    if (this.request.header('x-api-key') !== 'secret') this.head('unauthorized')
  }
}
