import { broadcast } from 'regauge'
import type { Article } from '../models/article.ts'
import { ApplicationJob } from './application_job.ts'

export class NewArticleJob extends ApplicationJob {
  static {
    this.queueAs('default')
  }

  async perform(article: Article) {
    await broadcast('articles', { event: 'created', slug: article.slug, title: article.title })
  }
}
