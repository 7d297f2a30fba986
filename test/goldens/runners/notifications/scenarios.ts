import { cache } from '../../../../src/cache/index.ts'
import { currentExecution } from '../../../../src/context/index.ts'
import { hours, Job } from '../../../../src/jobs/index.ts'
import { currentFilter, logger, tagged } from '../../../../src/logging/index.ts'
import { structuredEvents } from '../../../../src/notifications/index.ts'
import { Rollback, useStrictLoadingReaction } from '../../../../src/model/index.ts'
import { inspect } from 'node:util'

type Work = (classes: Classes) => unknown
// The classes of the recorder's application, which are loaded at run time and whose types nobody knows here.
type Members = Record<string, (...args: unknown[]) => Promise<Members>> & { id?: unknown }
export type Classes = Readonly<Record<string, Members & (new (...args: unknown[]) => Members)>>

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const json = { 'Content-Type': 'application/json' }
const accept = { Accept: 'application/json' }
const get = (path: string, headers = {}): RecordedRequest => ({ method: 'GET', path, headers })
const send = (method: string, path: string, body: string, headers: Readonly<Record<string, string>> = json): RecordedRequest => ({
  method,
  path,
  headers,
  body,
})

/** What the recorder does, in its order: each leaves rows for the next. */
export const scenarios: Readonly<Record<string, RecordedRequest | Work>> = {
  index: get('/posts'),
  index_query: get('/posts?page=2&q[name]=x&token=abc'),
  show: get('/posts/1'),
  show_json_ext: get('/posts/1.json'),
  show_accept: get('/posts/1', accept),
  create: send('POST', '/posts', '{"title":"New","password":"s3cret","user":{"email":"a@b"}}'),
  create_form: send('POST', '/posts', 'post[title]=F', { 'Content-Type': 'application/x-www-form-urlencoded' }),
  create_invalid: send('POST', '/posts', '{"post":{"title":""}}'),
  create_missing_param: send('POST', '/posts', '{}', { ...json, ...accept }),
  create_bad_json: send('POST', '/posts', '{', { ...json, ...accept }),
  update: send('PATCH', '/posts/2', '{"post":{"title":"Upd"}}'),
  update_invalid: send('PATCH', '/posts/2', '{"post":{"title":""}}', { ...json, ...accept }),
  destroy: { method: 'DELETE', path: '/posts/2' },
  'not_found_record.json': get('/posts/999', accept),
  not_found_record: get('/posts/999'),
  'no_route.json': get('/nope', accept),
  no_route: get('/nope'),
  'boom.json': get('/x/boom', accept),
  boom: get('/x/boom'),
  halted: get('/x/locked'),
  rescue_from: get('/x/denied'),
  redirect: get('/x/redir'),
  route_redirect: get('/old'),
  send_data: get('/x/data'),
  head: get('/x/headd'),
  no_content: get('/x/nothing'),
  head_request: { method: 'HEAD', path: '/posts' },
  open_redirect: get('/x/evil', accept),
  includes: get('/x/includes'),
  cache_miss: get('/x/caching'),
  cache_hit: get('/x/caching'),
  enqueue: { method: 'POST', path: '/x/job' },
  transaction: { method: 'POST', path: '/x/tx' },
  unpermitted: get('/x/unperm?a=1&b=2&c=3'),
  params_types: send(
    'POST',
    '/x/headd',
    '{"s":"x","n":1,"f":1.5,"t":true,"nil":null,"a":[1,{"password":"x"}],"h":{"api_key":"k","k":"v"},"card":{"number":"4111"}}',
  ),
  multipart: send(
    'POST',
    '/x/headd',
    '--X\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--X--\r\n',
    { 'Content-Type': 'multipart/form-data; boundary=X' },
  ),
  'sql.find': ({ Post }) => Post!['find']!(1),
  'sql.cached': ({ Post }) =>
    (Post as unknown as { cache(work: () => unknown): unknown }).cache(async () => {
      await Post!['find']!(1)
      await Post!['find']!(1)
    }),
  'sql.where_many_binds': async ({ Post }) => (await listOf(Post!, { id: [1, 2, 3], title: 'x' })).length,
  'sql.create': ({ Post }) => Post!['createOrThrow']!({ title: 'sql' }),
  'sql.update': async ({ Post }) => (await Post!['first']!())['updateOrThrow']!({ title: 'sql2' }),
  'sql.destroy': async ({ Post }) => (await Post!['last']!())['destroyOrThrow']!(),
  'sql.error': ({ Post }) => listOf(Post!, 'nope = 1').catch(() => undefined),
  'sql.raw': ({ Post }) =>
    (Post as unknown as { connection: { selectAll(sql: string): Promise<unknown> } }).connection.selectAll('SELECT 1'),
  'sql.pluck_count_exists': async ({ Post }) => {
    await (Post!['order']!('id') as unknown as Members)['pluck']!('title')
    await Post!['count']!()
    await Post!['exists']!()
  },
  'sql.insert_all': ({ Post }) => Post!['insertAll']!([{ title: 'ia' }]),
  'sql.null_bind': ({ Post }) => listOf(Post!, { user_id: null }),
  'sql.find_by_encrypted_like_filter': ({ User }) => listOf(User!, { email: 'a@x' }),
  'sql.transaction_nested': ({ Post }) =>
    Post!['transaction']!(async () => {
      await Post!['createOrThrow']!({ title: 'a' })
      await Post!['transaction']!(() => Post!['createOrThrow']!({ title: 'b' }), { requiresNew: true })
    }),
  'sql.rollback': ({ Post }) =>
    Post!['transaction']!(async () => {
      await Post!['createOrThrow']!({ title: 'a' })
      throw new Rollback()
    }),
  'sql.strict_loading': async ({ Post }) => {
    useStrictLoadingReaction({ violation: 'log' }, currentExecution()?.application)
    const post = (await (Post!['strictLoading']!() as unknown as Members)['first']!()) as unknown as { user: Promise<unknown> }
    await post.user
    useStrictLoadingReaction({ violation: 'raise' }, currentExecution()?.application)
  },
  'cache.ops': async () => {
    await cache.read('a')
    await cache.write('a', 1, { expiresIn: 60 })
    await cache.read('a')
    await cache.fetch('a', () => 2)
    await cache.fetch('b', () => 3)
    await cache.exists('a')
    await cache.increment('n')
    await cache.decrement('n')
    await cache.readMulti('a', 'b', 'zz')
    await cache.writeMulti({ x: 1, y: 2 })
    await cache.fetchMulti(['a', 'q'], (key) => key)
    await cache.delete('a')
    await cache.deleteMulti(['x', 'y'])
    await cache.clear()
  },
  'job.enqueue': async ({ NotifyJob, User }) => NotifyJob!['performLater']!(1, await User!['first']!(), { a: 2 }),
  'job.enqueue_at': ({ NotifyJob }) => (NotifyJob!['set']!({ wait: hours(1) }) as unknown as Members)['performLater']!(),
  'job.enqueue_queue': ({ NotifyJob }) => (NotifyJob!['set']!({ queue: 'low', priority: 3 }) as unknown as Members)['performLater']!(),
  'job.enqueue_all': ({ NotifyJob }) => Job.performAllLater([new NotifyJob!(1), new NotifyJob!(2)] as never),
  'job.perform_now': ({ NotifyJob }) => NotifyJob!['performNow']!(1),
  'job.execute': ({ NotifyJob }) => execute(NotifyJob!, {}),
  'job.retry': async ({ RetryJob }) => {
    await execute(RetryJob!, {})
    await execute(RetryJob!, { executions: 1, exception_executions: { '[Error]': 1 } }).catch(() => undefined)
  },
  'job.discard': ({ DiscardJob }) => execute(DiscardJob!, {}),
  'job.fail': ({ FailJob }) => execute(FailJob!, {}).catch(() => undefined),
  'job.abort_enqueue': ({ AbortJob }) => AbortJob!['performLater']!(),
  'job.unserializable': ({ NotifyJob }) => NotifyJob!['performLater']!(new (class Unknown {})()).catch(() => undefined),
  'event.notify': () =>
    structuredEvents.tagged('api', () => {
      structuredEvents.setContext({ request_id: 'r1' })
      structuredEvents.notify('user.signup', { id: 1, email: 'a@b' })
    }),
  deprecation: () => undefined,
  tagged: () => {
    tagged('A', 'b', () => {
      logger.info('hello')
      tagged('C', () => logger.warn('inner'))
    })
    logger.debug('dbg')
    logger.error('err')
  },
  param_filter: () =>
    currentFilter()({
      password: 'x',
      password_confirmation: 'x',
      user: { email: 'e', name: 'n', token_id: 't' },
      list: [{ secret: 1 }],
      api_key: 'k',
      otp_code: 1,
      safe: 's',
      monkey: 'm',
      cvv: 123,
    }),
  inspect_filtered: async ({ User }) => inspect(await User!['first']!()),
}

function listOf(model: Members, condition: unknown): Promise<unknown[]> {
  return (model['where']!(condition) as unknown as { toArray(): Promise<unknown[]> }).toArray()
}

/** As a worker does with what was stored. */
function execute(jobClass: Members, counters: object): Promise<unknown> {
  const stored = {
    data: { job_id: '00000000-0000-4000-8000-000000000000', arguments: [1], ...counters },
    queue: 'default',
    priority: 0,
    runAt: undefined,
  }
  return (jobClass['restore']!(stored) as unknown as Members)['performNow']!()
}
