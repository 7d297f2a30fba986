import type { Scenario } from './scenario.ts'

/** The record that every server answers with. */
export function recordFor(id: string): Record<string, unknown> {
  return {
    id,
    slug: 'how-to-train-your-dragon',
    title: 'How to train your dragon',
    description: 'Ever wonder how?',
    body: 'It takes a Jacobian',
    tags: ['dragons', 'training'],
    created_at: '2026-01-15T12:00:00.000Z',
    updated_at: '2026-01-15T12:00:00.000Z',
    favorited: false,
    favorites_count: 0,
  }
}

/** What the action that shows a record answers with: the record, or a hundred of them. */
export function shownFor(id: string, { list }: Scenario): unknown {
  return list === true ? Array.from({ length: 100 }, (_, index) => recordFor(String(index))) : recordFor(id)
}

/** The schema of the record, for those that write JSON by one. */
export const recordSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    slug: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    body: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
    favorited: { type: 'boolean' },
    favorites_count: { type: 'integer' },
  },
} as const

/** The names of the resources that routes are drawn for. */
export function resourceNames({ routes }: Scenario): string[] {
  return Array.from({ length: routes }, (_, index) => `resource_${String(index).padStart(3, '0')}`)
}

/** Requests for records, spread over the routes. */
export function getRequests(scenario: Scenario): Buffer[] {
  return spread(scenario).map((name) => Buffer.from(`GET /api/${name}/42 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n`))
}

/** Requests that send 1 KB of JSON, spread over the routes. */
export function postRequests(scenario: Scenario): Buffer[] {
  const body = JSON.stringify({ ...recordFor('42'), text: 'x'.repeat(744) })
  const head = `Host: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  return spread(scenario).map((name) => Buffer.from(`POST /api/${name} HTTP/1.1\r\n${head}${body}`))
}

function spread(scenario: Scenario): string[] {
  const names = resourceNames(scenario)
  const step = Math.max(1, Math.floor(scenario.routes / 10))
  return names.filter((_, index) => index % step === 0)
}
