import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from '../../http/index.ts'
import { currentFilter, logger } from '../../logging/index.ts'
import { constantTimeEqual } from '../../messages/index.ts'
import { extend, type RouteSet } from '../../routing/index.ts'
import { bullBoard } from '../adapters.ts'
import type { Application } from '../application.ts'
import type { Settings } from '../configure.ts'

/** Who may look at the dashboard of jobs: whoever a function says, or those who know a name and a password. */
export type DashboardAuthentication =
  | ((request: IncomingMessage) => boolean | Promise<boolean>)
  | { readonly name: string; readonly password: string }

/** The routes with the dashboard of jobs at its path, behind all others. In production nobody is let in unless `authenticate` says who. */
export function withJobsDashboard(routes: RouteSet, { jobs, env, name }: Settings, application: () => Application): RouteSet {
  const { path, authenticate, readOnly } = jobs.dashboard
  if (path === undefined) return routes
  let loading: Promise<Middleware> | undefined
  const load = () => {
    const { jobs: backend } = application()
    const filter = application().run(currentFilter)
    return (loading ??= bullBoard({ backend: backend!, path, title: `${name}: jobs`, isReadOnly: readOnly, filter }))
  }
  const isAllowed = authenticate === undefined ? () => !env.isProduction : checkOf(authenticate)
  const lacking = lackOf(authenticate, env.isProduction)
  let isTold = lacking === undefined
  const tell = () => {
    if (isTold) return
    isTold = true
    logger.warn(`The dashboard of jobs lets nobody in: config.jobs.dashboard.authenticate ${lacking}`, { path })
  }
  const dashboard: Middleware = (request, response, next) => {
    if (!isOwnRequest(request)) return refuse(response, 403)
    Promise.resolve()
      .then(() => isAllowed(request))
      .then((isIn) => {
        if (!isIn) {
          tell()
          return refuse(response, typeof authenticate === 'object' ? 401 : 403)
        }
        for (const [header, value] of Object.entries(guards)) response.setHeader(header, value)
        return load().then((board) => board(request, response, next))
      })
      .catch(next)
  }
  return extend(routes, ({ mount }) => mount(dashboard, { at: path }))
}

/** The page is in no frame of another site, where somebody could be led to click on it, and what it shows is kept nowhere. */
const guards = {
  'content-security-policy': "frame-ancestors 'self'",
  'x-frame-options': 'SAMEORIGIN',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** What nobody can be let in without. */
function lackOf(authenticate: DashboardAuthentication | undefined, isProduction: boolean): string | undefined {
  if (authenticate === undefined) return isProduction ? 'is not set, which production needs' : undefined
  if (typeof authenticate === 'function' || (authenticate.name && authenticate.password)) return undefined
  return `has no ${authenticate.name ? 'password' : 'name'}`
}

function checkOf(authenticate: DashboardAuthentication): (request: IncomingMessage) => boolean | Promise<boolean> {
  if (typeof authenticate === 'function') return authenticate
  const { name, password } = authenticate
  // A password that an environment variable was to give, and didn't, is none.
  if (!name || !password) return () => false
  return ({ headers }) => {
    const given = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1]
    const text = given === undefined ? '' : Buffer.from(given, 'base64').toString('utf8')
    return constantTimeEqual(text, `${name}:${password}`)
  }
}

/** What changes something must come from the dashboard itself: a browser sends along who may look wherever the request comes from. */
function isOwnRequest({ headers, method }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return true
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host
}

/** The same for everybody: a stranger doesn't learn how the dashboard is set up, or that it isn't. */
const notForYou = `The dashboard of jobs is not for you.
If you run this application: its log and config.jobs.dashboard say who may look, see "Operate the jobs" in the guides of regauge.
`

function refuse(response: ServerResponse, status: 401 | 403): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="Jobs", charset="UTF-8"' } : {}
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...challenge })
  response.end(status === 401 ? 'Who are you?\n' : notForYou)
}
