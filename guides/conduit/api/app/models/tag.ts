import { Model } from 'regauge'

export class Tag extends Model('Tag') {
  static {
    this.hasMany('taggings', { dependent: 'destroy' })
    this.hasMany('articles', { through: 'taggings' })
  }
}
