import { Event } from 'regauge'
import type { Order } from '../models/order.ts'

export class OrderPlaced extends Event<{ order: Order }> {}
