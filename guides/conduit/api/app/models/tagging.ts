import { Model } from 'regauge'

export class Tagging extends Model('Tagging') {
  static {
    this.belongsTo('article')
    this.belongsTo('tag')
  }
}
