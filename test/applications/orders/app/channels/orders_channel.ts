import { Channel } from './application_cable/channel.ts'

export class OrdersChannel extends Channel {
  subscribed() {
    this.streamFrom('orders')
  }
}
