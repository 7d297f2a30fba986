import { Model } from 'regauge'

export class Inventory extends Model('Inventory') {}
