import { isPresent, Model, presence } from 'regauge'
import * as JsonWebToken from './json_web_token.ts'

export class User extends Model('User') {
  static {
    this.hasSecurePassword()
    this.hasMany('articles', { foreignKey: 'author_id', dependent: 'destroy', inverseOf: 'author' })
    this.hasMany('comments', { foreignKey: 'author_id', dependent: 'destroy', inverseOf: 'author' })
    this.hasMany('favorites', { dependent: 'destroy' })
    this.hasMany('favorite_articles', { through: 'favorites', source: 'article' })
    this.hasMany('follows', { foreignKey: 'follower_id', dependent: 'destroy', inverseOf: 'follower' })
    this.hasMany('following', { through: 'follows', source: 'followed' })
    this.normalizes('bio', 'image', { with: (value) => presence(value) })
    this.validates('username', 'email', { presence: true, uniqueness: true })
    this.validates('password', { length: { minimum: 8, maximum: 72 }, if: (user) => isPresent(user.password) })
  }

  async followOrThrow(other: User) {
    return this.follows.findOrCreateByOrThrow({ followed: other })
  }

  async unfollowOrThrow(other: User) {
    return this.follows.where({ followed: other }).destroyAll()
  }

  async isFollows(other: User) {
    return this.follows.exists({ followed: other })
  }

  token() {
    return JsonWebToken.encode({ id: this.id })
  }
}
