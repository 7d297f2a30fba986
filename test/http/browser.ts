import { Server } from '../../src/http/index.ts'
import { KeyGenerator } from '../../src/messages/index.ts'
import type { Endpoint, PipelineOptions, StateSettings } from '../../src/http/index.ts'
import { pipelineFor, serveWith } from './serving.ts'

/** What a browser got for a request. */
export interface Visit {
  readonly status: number
  /** The body read as JSON; undefined when it is none. */
  readonly json: unknown
  readonly text: string
  readonly headers: Headers
  /** The Set-Cookie headers. */
  readonly setCookies: string[]
}

/** A browser that keeps the cookies it is sent. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async visit(path = '/', init: RequestInit = {}): Promise<Visit> {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie !== '' && { cookie }), ...(init.headers as Record<string, string>) }
    const response = await fetch(this.#url + path, { redirect: 'manual', ...init, headers })
    const setCookies = response.headers.getSetCookie()
    for (const header of setCookies) this.#keep(header)
    const text = await response.text()
    return { status: response.status, text, json: jsonOf(text), headers: response.headers, setCookies }
  }

  #keep(header: string): void {
    const [pair = '', ...attributes] = header.split('; ')
    const at = pair.indexOf('=')
    if (attributes.includes('max-age=0')) this.cookies.delete(pair.slice(0, at))
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

/** The keys of tests. */
export const keys = new KeyGenerator('a secret for tests'.repeat(4), { iterations: 1 })

/** Serves an endpoint with cookies and sessions until `stopServing`, to a new browser. */
export async function browse(endpoint: Endpoint, state: StateSettings = {}, options: Partial<PipelineOptions> = {}): Promise<Browser> {
  const settings: StateSettings = { keys, session: { key: '_test_session', store: 'cookie' }, ...state }
  return new Browser(await serveWith(new Server(pipelineFor(endpoint, { state: settings, ...options }))))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
