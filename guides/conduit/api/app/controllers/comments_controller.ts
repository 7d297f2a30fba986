import { Article } from '../models/article.ts'
import { ApplicationController, Forbidden } from './application_controller.ts'

export class CommentsController extends ApplicationController {
  static {
    this.skipBeforeAction('authenticateOrThrow', { only: 'index' })
    this.beforeAction('loadUser', { only: 'index' })
    this.beforeAction(async function () {
      this.article = await Article.findByOrThrow({ slug: this.params.string('article_slug')! })
    })
  }

  declare article: Article

  async index() {
    const comments = await this.article.comments.includes('author').order('id')
    this.render({ json: { comments: await Promise.all(comments.map((comment) => this.commentJson(comment))) } })
  }

  async create() {
    const comment = await this.article.comments.createOrThrow(
      this.params.require('comment').permit('body').merge({ author: this.currentUser }),
    )
    this.render({ json: { comment: await this.commentJson(comment) }, status: 'created' })
  }

  async destroy() {
    const comment = await this.article.comments.find(this.params.string('id')!)
    if (comment.author_id !== this.currentUser!.id) throw new Forbidden('comment')
    await comment.destroyOrThrow()
    this.head('no_content')
  }
}
