import { type DatabaseFailure, RegaugeError } from '../../src/errors/index.ts'
import { modelOf } from '../../src/model/index.ts'

/** The table that is written while its server fails. */
export const entrySchema = `
model Entry {
  id   Int    @id @default(autoincrement())
  pair String
  side String @default("left")
}
`

export class Entry extends modelOf<{}>()('Entry') {
  declare pair: string
}

/** Two rows that are written together or not at all. */
export async function writePair(pair: string): Promise<void> {
  await Entry.transaction(async () => {
    await Entry.createOrThrow({ pair, side: 'left' })
    await Entry.createOrThrow({ pair, side: 'right' })
  })
}

/** How many rows there are of each pair. */
export async function pairs(): Promise<Map<unknown, unknown>> {
  return Entry.group('pair').count() as unknown as Promise<Map<unknown, unknown>>
}

/** What kind of failure work ended with; undefined when it succeeded, the error's text when it is none of a database. */
export async function kindOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const kind = cause instanceof RegaugeError ? (cause.details as Partial<DatabaseFailure>).kind : undefined
    if (kind !== undefined) return kind
  }
  return error === undefined ? undefined : String(error)
}

/** Writes pairs from eight clients while `fail` takes the server away and gives it back, until each has written one after that.
 * @returns the pairs whose writing succeeded, and the kinds of failures that the others met
 */
export async function writeUnderFailure(
  fail: () => Promise<void>,
): Promise<{ readonly written: readonly string[]; readonly kinds: readonly string[] }> {
  let isBack = false
  const written: string[] = []
  const kinds = new Set<string>()
  const { promise: underLoad, resolve: begun } = withResolvers()
  const client = async (name: number): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const pair = `${name}-${turn}`
      const wasBack = isBack
      const kind = await kindOf(writePair(pair))
      if (kind === undefined) written.push(pair)
      else kinds.add(kind)
      if (written.length > 20) begun()
      if (kind === undefined && wasBack) return
      if (kind !== undefined) await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const clients = [1, 2, 3, 4, 5, 6, 7, 8].map(client)
  await underLoad
  await fail()
  isBack = true
  await Promise.all(clients)
  return { written, kinds: [...kinds] }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
