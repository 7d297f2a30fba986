/** The recorder's application, as a porter would write it. */
export const postsFiles: Readonly<Record<string, string>> = {
  'db/schema.prisma': `datasource db {
  provider = "sqlite"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
model Post {
  id         Int       @id @default(autoincrement())
  title      String?
  user_id    Int?
  user       User?     @relation(fields: [user_id], references: [id])
  created_at DateTime
  updated_at DateTime
  @@map("posts")
}
model User {
  id    Int     @id @default(autoincrement())
  name  String?
  email String?
  posts Post[]
  @@map("users")
}
`,
  'config/application.ts': `import { configure } from 'regauge'
export default configure((config) => {
  config.globalIdApplication = 'golden'
  config.cable.disableRequestForgeryProtection = true
})
`,
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ resources, match, get, redirect }) => {
  resources('posts', { only: ['index', 'show', 'create', 'update', 'destroy'] })
  for (const action of ['locked', 'boom', 'denied', 'redir', 'data', 'headd', 'nothing', 'evil', 'includes', 'caching', 'job', 'tx', 'unperm', 'not_found'])
    match('/x/' + action, { to: 'posts#' + action, via: 'all' })
  get('/old', { to: redirect('/posts') })
})
`,
  'app/controllers/application_controller.ts': `import { Controller } from 'regauge'
export class Denied extends Error {
  override name = 'Denied'
}
export class ApplicationController extends Controller {
  static {
    this.rescueFrom(Denied, (controller, error) => controller.render({ json: { error: error.message }, status: 'forbidden' }))
  }
}
`,
  'app/controllers/posts_controller.ts': `import { cache, RecordNotFound, Rollback, routes } from 'regauge'
import { ApplicationController, Denied } from './application_controller.ts'
import { NotifyJob } from '../jobs/notify_job.ts'
import { Post } from '../models/post.ts'
import { User } from '../models/user.ts'
export class PostsController extends ApplicationController {
  static {
    this.beforeAction('auth', { only: 'locked' })
  }
  async index() {
    this.render({ json: await Post.order('id').toArray() })
  }
  async show() {
    this.render({ json: await Post.find(this.params.get('id')) })
  }
  async create() {
    const post = new Post(this.params.expect({ post: ['title'] }))
    if (await post.save()) this.render({ json: post, status: 'created', location: routes.postUrl(post) })
    else this.render({ json: post.errors, status: 'unprocessable_content' })
  }
  async update() {
    const post = await Post.find(this.params.get('id'))
    await post.updateOrThrow(this.params.require('post').permit('title'))
    this.render({ json: post })
  }
  async destroy() {
    await (await Post.find(this.params.get('id'))).destroyOrThrow()
    this.head('no_content')
  }
  locked() { this.head('ok') }
  boom() { throw new Error('boom') }
  denied() { throw new Denied('no') }
  redir() { this.redirectTo('/posts') }
  data() { this.sendData('abc', { filename: 'a.txt' }) }
  headd() { this.head('ok') }
  nothing() {}
  evil() { this.redirectTo('http://evil.com') }
  async includes() {
    const posts = await Post.includes('user').order('id').toArray()
    this.render({ json: await Promise.all(posts.map(async (post) => (await post.user)?.name ?? null)) })
  }
  async caching() { this.render({ json: await cache.fetch('k', () => 1) }) }
  async job() {
    await NotifyJob.performLater(1, await User.first())
    this.head('accepted')
  }
  async tx() {
    await Post.transaction(async () => {
      await Post.createOrThrow({ title: 'tx' })
      throw new Rollback()
    })
    this.head('ok')
  }
  unperm() {
    this.params.permit('a')
    this.head('ok')
  }
  not_found() { throw new RecordNotFound('nope') }
  auth() { this.head('unauthorized') }
}
`,
  'app/models/user.ts': `import { Model } from 'regauge'
export class User extends Model('User') {
  static { this.hasMany('posts') }
}
`,
  'app/models/post.ts': `import { Model } from 'regauge'
export class Post extends Model('Post') {
  static {
    this.belongsTo('user', { optional: true })
    this.validates('title', { presence: true })
  }
}
`,
  'app/channels/application_cable/connection.ts': `import { Connection as CableConnection } from 'regauge'
export class Connection extends CableConnection {
  static { this.identifiedBy('user') }
  connect() {
    const token = this.params.token
    if (!token) this.rejectUnauthorizedConnection()
    this.user = String(token)
    this.addLogTags('ActionCable', this.user)
  }
}
`,
  'app/channels/chat_channel.ts': `import { broadcast, Channel } from 'regauge'
export class ChatChannel extends Channel {
  subscribed() {
    if (this.params.room) this.streamFrom('chat_' + this.params.room)
    else this.reject()
  }
  async speak(data) { await broadcast('chat_' + this.params.room, data) }
  echo(data) { this.transmit(data) }
  boom() { throw new Error('cable boom') }
}
`,
  'app/jobs/notify_job.ts': `import { Job } from 'regauge'
export class NotifyJob extends Job { perform() {} }
`,
  'app/jobs/retry_job.ts': `import { Job } from 'regauge'
export class RetryJob extends Job {
  static { this.retryOn(Error, { wait: 1, attempts: 2, jitter: 0 }) }
  perform() { throw new Error('job boom') }
}
`,
  'app/jobs/discard_job.ts': `import { Job } from 'regauge'
export class DiscardJob extends Job {
  static { this.discardOn(Error) }
  perform() { throw new Error('job boom') }
}
`,
  'app/jobs/abort_job.ts': `import { abort, Job } from 'regauge'
export class AbortJob extends Job {
  static { this.beforeEnqueue(() => abort()) }
  perform() {}
}
`,
  'app/jobs/fail_job.ts': `import { Job } from 'regauge'
export class FailJob extends Job { perform() { throw new Error('job boom') } }
`,
}
