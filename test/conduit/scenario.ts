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
  readonly json?: unknown
  readonly form?: string
  readonly raw?: string
  readonly token?: string
  readonly headers?: Record<string, string>
  readonly save?: Record<string, string>
}

/** What Rails answered to it. */
export interface Answer {
  readonly name: string
  readonly status: number
  readonly content_type: string | null
  readonly body: unknown
  readonly escaped: boolean
}

export const steps = parse(readFileSync(new URL('scenario.yml', import.meta.url), 'utf8')) as Step[]
export const answers = JSON.parse(readFileSync(new URL('../goldens/conduit/answers.json', import.meta.url), 'utf8')) as Answer[]

/** Sends the steps in their order, with the values that earlier ones saved put in place of `{name}`. */
export class Scenario {
  readonly #base: string
  readonly #saved = new Map<string, string>()

  constructor(base: string) {
    this.#base = base
  }

  async send(step: Step): Promise<{ status: number; contentType: string | null; text: string }> {
    const method = (['get', 'post', 'put', 'patch', 'delete', 'head'] as const).find((name) => step[name] !== undefined) ?? 'get'
    const headers: Record<string, string> = { ...step.headers }
    let body: string | undefined
    if (step.json !== undefined) [body, headers['Content-Type']] = [this.#fill(JSON.stringify(step.json)), 'application/json']
    else if (step.form !== undefined) [body, headers['Content-Type']] = [step.form, 'application/x-www-form-urlencoded']
    else if (step.raw !== undefined) body = step.raw
    if (step.token) headers['Authorization'] = `Token ${step.token}`
    for (const [name, value] of Object.entries(headers)) headers[name] = this.#fill(value)
    const response = await fetch(this.#base + this.#fill(step[method] ?? ''), {
      method: method.toUpperCase(),
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    for (const [name, path] of Object.entries(step.save ?? {})) this.#saved.set(name, String(dig(JSON.parse(text), path.split('.'))))
    return { status: response.status, contentType: response.headers.get('content-type'), text }
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

function dig(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value)
}
