import { RecordNotFound } from 'regauge'
import { Order } from '../models/order.ts'
import { ApplicationJob } from './application_job.ts'

export class TimeoutError extends Error {}

export class SendOrderConfirmation extends ApplicationJob {
  static {
    this.queueAs('mailers')
    this.retryOn(TimeoutError, { wait: 'polynomially_longer', attempts: 10 })
    this.discardOn(RecordNotFound)
  }

  async perform(orderId: number) {
    const order = await Order.find(orderId)
    await order.updateOrThrow({ confirmed_at: new Date() })
  }
}
