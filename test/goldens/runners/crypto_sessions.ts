import { ApiErrorRenderer, Pipeline, type Request } from '../../../src/http/index.ts'
import { inject } from '../../http/injected.ts'
import { applicationMessages } from './crypto_application.ts'
import { type Check, type CryptoCase, type CryptoGolden, decode, expectSame } from './crypto_values.ts'

type Operation = readonly [name: string, key?: unknown, value?: unknown]

interface SessionCase extends CryptoCase {
  readonly session_options: { readonly key: string }
  readonly cookie: string | null
  readonly ops: readonly Operation[]
  readonly status: number
  readonly body: readonly unknown[]
  readonly set_cookie: string | null
  readonly session_json: string | null
}

/** Requests with a session in a cookie, which Rails wrote or is to read. */
export const sessions: Readonly<Record<string, Check>> = {
  async session(one: SessionCase, golden: CryptoGolden) {
    const { key } = one.session_options
    const answers: unknown[] = []
    const pipeline = new Pipeline({
      state: { keys: applicationMessages(golden).keyGenerator, session: { key, store: 'cookie' } },
      errors: new ApiErrorRenderer({ details: true }),
      router: { find: () => ({ endpoint: (request) => void answers.push(...one.ops.map((operation) => perform(request, operation))) }) },
    })
    const headers: Record<string, string> = one.cookie === null ? {} : { cookie: one.cookie }
    const { header, status, body } = await inject(pipeline.handle, { method: 'GET', path: '/s', headers })
    if (status !== one.status) throw new Error(`answered ${status}: ${body}`)
    if (status !== 200) return
    expectSame(JSON.parse(JSON.stringify(answers)), one.body)
    expectSame(header('set-cookie')?.[0] ?? null, one.set_cookie)
  },
}

/** The random id of a session that begins in this case, as it was recorded. */
export function newSessionIdOf(one: CryptoCase): string | undefined {
  if (one.kind !== 'session' || typeof one['session_json'] !== 'string') return undefined
  const { cookie, ops, session_json } = one as SessionCase
  const hadOne = cookie?.includes('--') === true
  const isNew = !hadOne || ops.some(([name]) => name === 'reset' || name === 'renew')
  return isNew ? (JSON.parse(session_json!) as { session_id: string }).session_id : undefined
}

function perform(request: Request, [name, key, value]: Operation): unknown {
  const { session, sessionOptions } = request
  switch (name) {
    case 'set':
      return (session[String(key)] = decode(value)) ?? null
    case 'get':
      return session[String(key)] ?? null
    case 'delete': {
      const deleted = session[String(key)]
      delete session[String(key)]
      return deleted ?? null
    }
    case 'reset':
      void request.resetSession()
      return null
    case 'id':
      return request.sessionState.id ?? null
    case 'keys':
      return Object.keys(session)
    case 'expire_after':
      sessionOptions.expireAfter = key as number
      return null
    default:
      sessionOptions[name as 'renew' | 'drop' | 'skip'] = true
      return null
  }
}
