import { Model, parameterize, presence, randomHex } from 'regauge'
import { NewArticleJob } from '../jobs/new_article_job.ts'
import { Favorite } from './favorite.ts'
import { Tag } from './tag.ts'
import { Tagging } from './tagging.ts'

export class Article extends Model('Article') {
  static {
    this.belongsTo('author', { className: 'User', inverseOf: 'articles' })
    this.hasMany('comments', { dependent: 'destroy' })
    this.hasMany('favorites', { dependent: 'destroy' })
    this.hasMany('taggings', { dependent: 'destroy' })
    this.hasMany('tags', { through: 'taggings' })
    this.validates('title', 'description', 'body', { presence: true })
    this.beforeValidation('assignSlug', { on: 'create' })
    this.afterCreateCommit((article) => NewArticleJob.performLater(article))
  }

  static recent() {
    return this.order({ created_at: 'desc', id: 'desc' })
  }

  static tagged(name: string | string[]) {
    return this.where({ id: Tagging.joins('tag').where({ tag: { name } }).select('article_id') })
  }

  static by(username: string | string[]) {
    return this.joins('author').where({ author: { username } })
  }

  static favoritedBy(username: string | string[]) {
    return this.where({ id: Favorite.joins('user').where({ user: { username } }).select('article_id') })
  }

  async tagList() {
    const names = await Promise.all((await this.taggings).map(async (tagging) => (await tagging.tag).name))
    return names.sort()
  }

  async setTagList(names: unknown[]) {
    const taggings = []
    for (const name of new Set(names.map(String))) {
      taggings.push((await this.taggingNamed(name)) ?? this.taggings.build({ tag: await Tag.findOrCreateByOrThrow({ name }) }))
    }
    await this.taggings.replace(taggings)
  }

  private async taggingNamed(name: string) {
    for (const tagging of await this.taggings) if ((await tagging.tag).name === name) return tagging
    return null
  }

  assignSlug() {
    this.slug = [presence(parameterize(String(this.title ?? ''))) ?? 'article', randomHex(3)].join('-')
  }
}
