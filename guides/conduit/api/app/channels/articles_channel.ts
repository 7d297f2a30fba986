import { Channel } from './application_cable/channel.ts'

export class ArticlesChannel extends Channel {
  subscribed() {
    this.streamFrom('articles')
  }
}
