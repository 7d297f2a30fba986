import { isPresent, type RelationTo, toInteger } from 'regauge'
import { Article } from '../models/article.ts'
import { ApplicationController, Forbidden } from './application_controller.ts'

export class ArticlesController extends ApplicationController {
  static {
    this.skipBeforeAction('authenticateOrThrow', { only: ['index', 'show'] })
    this.beforeAction('loadUser', { only: ['index', 'show'] })
    this.beforeAction('setArticle', { except: ['index', 'feed', 'create'] })
    this.beforeAction(
      function () {
        if (this.article.author_id !== this.currentUser!.id) throw new Forbidden('article')
      },
      { only: ['update', 'destroy'] },
    )
  }

  declare article: Article

  async index() {
    let scope = Article.all()
    if (isPresent(this.params.condition('tag'))) scope = scope.tagged(this.params.condition('tag')!)
    if (isPresent(this.params.condition('author'))) scope = scope.by(this.params.condition('author')!)
    if (isPresent(this.params.condition('favorited'))) scope = scope.favoritedBy(this.params.condition('favorited')!)
    await this.renderList(scope)
  }

  async feed() {
    await this.renderList(Article.where({ author_id: this.currentUser!.follows.select('followed_id') }))
  }

  async show() {
    this.render({ json: { article: await this.articleJson(this.article) } })
  }

  async create() {
    const article = this.currentUser!.articles.build(this.articleParams().except('tagList'))
    await Article.transaction(async () => {
      await article.saveOrThrow()
      await article.setTagList(this.articleParams().get('tagList') ?? [])
      await article.saveOrThrow()
    })
    this.render({ json: { article: await this.articleJson(article) }, status: 'created' })
  }

  async update() {
    const attrs = this.articleParams()
    const raw = this.params.require('article')
    if (raw.has('tagList') && !Array.isArray(raw.get('tagList'))) {
      return this.render({ json: { errors: { tagList: ['must be an array'] } }, status: 'unprocessable_entity' })
    }
    await Article.transaction(async () => {
      if (raw.has('tagList')) await this.article.setTagList(raw.get('tagList') as unknown[])
      await this.article.updateOrThrow(attrs.except('tagList'))
      if (!this.article.hasSavedChanges()) await this.article.touch()
    })
    await this.show()
  }

  async destroy() {
    await this.article.destroyOrThrow()
    this.head('no_content')
  }

  async favorite() {
    await this.currentUser!.favorites.findOrCreateByOrThrow({ article: this.article })
    await this.reloadAndShow()
  }

  async unfavorite() {
    await this.currentUser!.favorites.where({ article: this.article }).destroyAll()
    await this.reloadAndShow()
  }

  protected async setArticle() {
    this.article = await Article.includes('author', 'favorites', { taggings: 'tag' }).findByOrThrow({ slug: this.params.string('slug')! })
  }

  private articleParams() {
    return this.params.require('article').permit('title', 'description', 'body', { tagList: [] })
  }

  private async reloadAndShow() {
    await this.setArticle()
    await this.show()
  }

  private async renderList(scope: RelationTo<typeof Article, 'Article'>) {
    const page = await scope
      .recent()
      .includes('author', 'favorites', { taggings: 'tag' })
      .limit(toInteger(this.params.string('limit') ?? 20))
      .offset(toInteger(this.params.string('offset')))
    this.render({
      json: {
        articles: await Promise.all(page.map((article) => this.articleJson(article, { body: false }))),
        articlesCount: await scope.count(),
      },
    })
  }
}
