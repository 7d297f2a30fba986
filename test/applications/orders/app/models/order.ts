import { Model } from 'regauge'

export class Order extends Model('Order') {
  static {
    this.validates('amount', { numericality: { greaterThan: 0 } })
  }
}
