import { Model } from 'regauge'

export class Favorite extends Model('Favorite') {
  static {
    this.belongsTo('user')
    this.belongsTo('article', { counterCache: true })
  }
}
