/** A route of the tables that are compared: paths as all contenders write them, `/api/photos17/:id`. */
export interface TableRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
}

/** What is looked up. */
export interface Lookup {
  readonly method: string
  readonly path: string
}

// In this order, so that tables of every size have paths of the same length: 7 letters at even places, 7 at odd ones.
const words = ['articles', 'comments', 'photos', 'orders', 'invoices', 'messages', 'projects', 'tickets', 'users', 'teams']

/** A table of so many routes, of resources as an API has them: every other one is nested in the one before. Tables of all sizes have the same
 * kinds of routes in the same shares, and names of the same length, so that only their number differs. */
export function tableOf(size: number): TableRoute[] {
  const routes: TableRoute[] = []
  for (let i = 0; routes.length < size; i++) {
    const collection = i % 2 === 0 ? `/api/${nameOf(i)}` : `/api/${nameOf(i - 1)}/:parent_id/${nameOf(i)}`
    for (const method of ['GET', 'POST'] as const) routes.push({ method, path: collection })
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) routes.push({ method, path: `${collection}/:id` })
  }
  return routes.slice(0, size)
}

/** 4,096 requests all over a table, each with ids of its own; the same ones for every contender. */
export function lookupsIn(table: readonly TableRoute[]): Lookup[] {
  let state = 7
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  return Array.from({ length: 4096 }, () => {
    const { method, path } = table[random(table.length)]!
    // Through a buffer, so that it is one flat text as a parser of HTTP gives it.
    return { method, path: Buffer.from(path.replace(/:\w+/g, () => String(random(100_000)))).toString('latin1') }
  })
}

function nameOf(index: number): string {
  const round = Math.floor(index / words.length)
  return `${words[index % words.length]}_${String(round).padStart(2, '0')}`
}
