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

/** The names of the resources that routes are drawn for. */
export function resourceNames(routes: number): string[] {
  return Array.from({ length: routes }, (_, index) => `resource_${String(index).padStart(3, '0')}`)
}

/** Requests for records, spread over the routes. */
export function getRequests(routes: number): Buffer[] {
  return spread(routes).map((name) => Buffer.from(`GET /api/${name}/42 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n`))
}

/** Requests that send 1 KB of JSON, spread over the routes. */
export function postRequests(routes: number): Buffer[] {
  const body = JSON.stringify({ ...recordFor('42'), text: 'x'.repeat(744) })
  const head = `Host: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  return spread(routes).map((name) => Buffer.from(`POST /api/${name} HTTP/1.1\r\n${head}${body}`))
}

function spread(routes: number): string[] {
  const names = resourceNames(routes)
  const step = Math.max(1, Math.floor(routes / 10))
  return names.filter((_, index) => index % step === 0)
}
