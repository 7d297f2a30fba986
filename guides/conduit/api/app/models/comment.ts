import { Model } from 'regauge'

export class Comment extends Model('Comment') {
  static {
    this.belongsTo('article')
    this.belongsTo('author', { className: 'User', inverseOf: 'comments' })
    this.validates('body', { presence: true })
  }
}
