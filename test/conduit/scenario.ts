import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** One request of scenario.yml. */
export interface Step {
  readonly name: string
  readonly get?: string
  readonly post?: string
  readonly put?: string
  readonly patch?: string
  readonly delete?: string
  readonly head?: string
  readonly options?: string
  readonly propfind?: string
  readonly brew?: string
  readonly json?: unknown
  readonly form?: string
  readonly raw?: string
  /** A body whose bytes are no text. */
  readonly base64?: string
  readonly token?: string
  readonly headers?: Record<string, string>
  /** Names → where their values are in the answer: keys with dots between, or a header with a colon before. */
  readonly save?: Record<string, string>
}

/** What Rails answered to it. */
export interface Answer {
  readonly name: string
  readonly status: number
  readonly content_type: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly escaped: boolean
}

export const steps = parse(readFileSync(new URL('scenario.yml', import.meta.url), 'utf8')) as Step[]
export const answers = JSON.parse(readFileSync(new URL('../goldens/conduit/answers.json', import.meta.url), 'utf8')) as Answer[]

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'propfind', 'brew'] as const

/** What YAML shall not spell out. */
const spelledOut = { long: 'long'.repeat(1000), deep: '[a]'.repeat(150), deepjson: '['.repeat(150) + ']'.repeat(150) }

/** Sends the steps in their order, with the values that earlier ones saved put in place of `{name}`. */
export class Scenario {
  readonly #base: string
  readonly #saved = new Map(Object.entries(spelledOut))

  constructor(base: string) {
    this.#base = base
  }

  async send(step: Step): Promise<{ status: number; headers: Headers; text: string }> {
    const method = methods.find((name) => step[name] !== undefined) ?? 'get'
    const headers: Record<string, string> = { ...step.headers }
    let body: string | Buffer<ArrayBuffer> | undefined
    if (step.json !== undefined) [body, headers['Content-Type']] = [this.#fill(JSON.stringify(step.json)), 'application/json']
    else if (step.form !== undefined) [body, headers['Content-Type']] = [step.form, 'application/x-www-form-urlencoded']
    else if (step.raw !== undefined) body = this.#fill(step.raw)
    else if (step.base64 !== undefined) body = Buffer.from(step.base64, 'base64')
    if (step.token) headers['Authorization'] = `Token ${step.token}`
    for (const [name, value] of Object.entries(headers)) headers[name] = this.#fill(value)
    const response = await fetch(this.#base + this.#fill(step[method] ?? ''), {
      method: method.toUpperCase(),
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    for (const [name, path] of Object.entries(step.save ?? {})) {
      const value = path.startsWith(':') ? response.headers.get(path.slice(1)) : dig(JSON.parse(text), path.split('.'))
      this.#saved.set(name, String(value))
    }
    return { status: response.status, headers: response.headers, text }
  }

  #fill(text: string): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => this.#saved.get(name) ?? whole)
  }
}

/** Puts a word in place of what differs from run to run, as the recorder does. */
export function mask(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mask(item, name)]))
  if (typeof value !== 'string') return value
  if (key === 'token') return '<token>'
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return '<time>'
  return key === 'slug' ? value.replace(/-[0-9a-f]{6}$/, '-<hex>') : value
}

/** The headers that Rails sent, as ours has them, with a word in place of what differs from run to run. */
export function maskHeaders(headers: Headers, names: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    names.map((name) => {
      const value = headers.get(name)
      if (name === 'etag') return [name, value?.replace(/"[0-9a-f]{32}"/, '"<hex>"') ?? null]
      return [name, name === 'x-request-id' ? (value?.replace(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '<uuid>') ?? null) : value]
    }),
  )
}

function dig(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value)
}
