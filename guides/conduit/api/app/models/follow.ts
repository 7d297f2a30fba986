import { Model } from 'regauge'

export class Follow extends Model('Follow') {
  static {
    this.belongsTo('follower', { className: 'User' })
    this.belongsTo('followed', { className: 'User' })
  }
}
