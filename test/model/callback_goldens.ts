import { isDeepStrictEqual } from 'node:util'
import { camelize } from '../../src/naming/index.ts'
import { abort } from '../../src/errors/index.ts'
import { bindModels, modelOf, Rollback } from '../../src/model/index.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

type Op = [string, ...unknown[]]
type Step = [string, ...unknown[]]
interface ModelCase {
  before_assoc?: [string, Op[], Record<string, unknown>?][]
  associations?: [string, string, Record<string, unknown>?][]
  callbacks?: [string, Op[], Record<string, unknown>?][]
  validations?: [string, ...unknown[]][]
  extra?: unknown[]
}

/** One case of `model_callbacks.json`. */
interface Case {
  id: string
  models: Record<string, ModelCase>
  steps: Step[]
  transcript: string[]
}

export interface CallbacksGolden {
  cases: Case[]
}

const stamps = 'created_at DateTime?\n updated_at DateTime?'
// Without foreign keys in the database, as in the recorded one.
const schema = `datasource db {
  provider = "sqlite"
  relationMode = "prisma"
}
generator client {
  provider = "prisma-client"
  output = "generated/client"
}
model Author {
 id Int @id @default(autoincrement())
 name String?
 posts_count Int @default(0)
 total Int @default(0)
 ${stamps}
 posts Post[]
 profile Profile?
 @@map("authors")
}
model Profile {
 id Int @id @default(autoincrement())
 author_id Int? @unique
 bio String?
 ${stamps}
 author Author? @relation(fields: [author_id], references: [id])
 @@map("profiles")
}
model Post {
 id Int @id @default(autoincrement())
 author_id Int?
 title String?
 body String?
 comments_count Int @default(0)
 touched_at DateTime?
 ${stamps}
 author Author? @relation(fields: [author_id], references: [id])
 comments Comment[]
 taggings Tagging[]
 @@map("posts")
}
model Comment {
 id Int @id @default(autoincrement())
 post_id Int?
 text String?
 ${stamps}
 post Post? @relation(fields: [post_id], references: [id])
 @@map("comments")
}
model Tag {
 id Int @id @default(autoincrement())
 name String?
 taggings Tagging[]
 @@map("tags")
}
model Tagging {
 id Int @id @default(autoincrement())
 post_id Int?
 tag_id Int?
 post Post? @relation(fields: [post_id], references: [id])
 tag Tag? @relation(fields: [tag_id], references: [id])
 @@map("taggings")
}
`
const tables = ['taggings', 'tags', 'comments', 'posts', 'profiles', 'authors']
const Model = modelOf<{}>()

/** What this runner doesn't play, so that a case with it counts as passed over. */
class Unsupported extends Error {}

/** Plays the cases and compares what the callbacks logged, in order, with what Rails' did. SQL lines are ours to choose. */
export async function run(
  golden: CallbacksGolden,
): Promise<{ passed: number; failed: { id: string; reason: string }[]; unsupported: string[] }> {
  const test = await testDatabase(schema)
  const failed: { id: string; reason: string }[] = []
  const unsupported: string[] = []
  try {
    for (const recorded of golden.cases) {
      for (const table of tables) await test.database.execute(`delete from ${table}`, [])
      await test.database.execute('delete from sqlite_sequence', [])
      try {
        const player = new Player(recorded, test)
        await player.play()
        const expected = recorded.transcript.filter((line) => !line.startsWith('sql: '))
        if (!isDeepStrictEqual(player.log, expected))
          failed.push({ id: recorded.id, reason: `${JSON.stringify(player.log)}\n not ${JSON.stringify(expected)}` })
      } catch (error) {
        if (error instanceof Unsupported) unsupported.push(`${recorded.id}: ${error.message}`)
        else failed.push({ id: recorded.id, reason: (error as Error).stack ?? String(error) })
      }
    }
  } finally {
    await test.close()
  }
  return { passed: golden.cases.length - failed.length - unsupported.length, failed, unsupported }
}

type Loose = Record<string, (...args: unknown[]) => unknown>

class Player {
  readonly log: string[] = []
  readonly #case: Case
  readonly #classes: Record<string, Loose & (new (attributes?: object) => Loose)> = {}
  readonly #variables = new Map<string, unknown>()

  constructor(recorded: Case, test: TestDatabase) {
    this.#case = recorded
    for (const name of ['Author', 'Profile', 'Post', 'Comment', 'Tag', 'Tagging'])
      this.#classes[name] = this.#makeClass(name, recorded.models[name] ?? {})
    for (const name of Object.keys(recorded.models)) if (this.#classes[name] === undefined) throw new Unsupported(`model ${name}`)
    bindModels(Object.values(this.#classes), test.database, test.metadata)
  }

  async play(): Promise<void> {
    for (const step of this.#case.steps) {
      try {
        await this.#step(step)
      } catch (error) {
        if (error instanceof Unsupported || error instanceof TypeError) throw error
      }
    }
  }

  #makeClass(name: string, declared: ModelCase): Loose & (new (attributes?: object) => Loose) {
    const model = { [name]: class extends Model(name) {} }[name] as unknown as Loose & (new (attributes?: object) => Loose)
    if (declared.extra !== undefined && declared.extra.length > 0) return model
    for (const [macro, ops] of declared.before_assoc ?? [])
      model[camelize(macro, 'lower')]!((record: Loose) => this.#ops(ops, record, undefined))
    for (const [macro, association, options] of declared.associations ?? [])
      model[camelize(macro, 'lower')]!(association, decodeOptions(options ?? {}))
    for (const [macro, ...args] of declared.validations ?? []) {
      if (macro !== 'validates') continue
      model['validates']!(...args.map((arg) => (typeof arg === 'string' ? arg : decodeOptions(arg as Record<string, unknown>))))
    }
    for (const [macro, ops, options = {}] of declared.callbacks ?? []) {
      const { name: method, ...rest } = decodeOptions(options)
      const body = (record: Loose, proceed?: () => Promise<unknown>): unknown => this.#ops(ops, record, proceed)
      if (method === undefined) model[camelize(macro, 'lower')]!(body, rest)
      else {
        Object.defineProperty(model.prototype, method as string, {
          configurable: true,
          value: function (this: Loose, proceed?: () => Promise<unknown>) {
            return body(this, proceed)
          },
        })
        model[camelize(macro, 'lower')]!(method, rest)
      }
    }
    return model
  }

  /** Synchronous as long as it can be: what runs when a record is made must not wait. */
  #ops(ops: readonly (Op | unknown)[], record: Loose, proceed: (() => Promise<unknown>) | undefined, from = 0): unknown {
    for (let place = from; place < ops.length; place++) {
      const op = ops[place] as Op
      const pending = this.#op(op, record, proceed)
      if (pending instanceof Promise) return pending.then(() => this.#ops(ops, record, proceed, place + 1))
    }
    return undefined
  }

  #op([kind, ...args]: Op, record: Loose, proceed: (() => Promise<unknown>) | undefined): unknown {
    switch (kind) {
      case 'log':
        return void this.log.push(String(args[0]))
      case 'yield':
        return proceed?.()
      case 'abort':
        return abort()
      case 'raise':
        throw new RangeError(String((args[0] as unknown[])?.[1] ?? args[1]))
      case 'rollback':
        throw new Rollback()
      case 'set':
        return void Reflect.set(record, ...(args.flat() as [string, unknown]))
      case 'errors_add':
        return void (record['errors'] as unknown as { add(...args: unknown[]): void }).add(...args.flat())
      case 'log_count': {
        const counted = this.#classes[args[0] as string]!['count']!() as Promise<number>
        return counted.then((count) => void this.log.push(`${String(args[0])}.count=${count}`))
      }
      case 'return':
        return undefined
      default:
        throw new Unsupported(`op ${kind}`)
    }
  }

  async #step([kind, ...args]: Step): Promise<unknown> {
    switch (kind) {
      case 'log':
        return this.log.push(String(args[0]))
      case 'let': {
        const value = await this.#step(args[1] as Step)
        this.#variables.set(args[0] as string, value)
        return value
      }
      case 'new':
        return new this.#classes[args[0] as string]!(this.#attributes(args[1]))
      case 'create':
        return this.#classes[args[0] as string]!['create']!(this.#attributes(args[1]))
      case 'create!':
        return this.#classes[args[0] as string]!['createOrThrow']!(this.#attributes(args[1]))
      case 'find':
        return this.#classes[args[0] as string]!['find']!(args[1])
      case 'count':
        return this.#classes[args[0] as string]!['count']!()
      case 'reload':
        return this.#variable(args[0])['reload']!()
      case 'state':
      case 'attr':
      case 'errors':
      case 'travel':
        return undefined
      case 'raise':
        throw args[0] === 'ActiveRecord::Rollback' ? new Rollback() : new RangeError(String(args[1]))
      case 'transaction': {
        const [options, steps] = args as [Record<string, unknown>, Step[]]
        if (options['joinable'] !== undefined) throw new Unsupported('joinable')
        return this.#classes['Post']!['transaction']!(async () => {
          for (const step of steps) await this.#step(step)
        }, decodeOptions(options))
      }
      case 'call':
        return this.#call(this.#variable(args[0]), args[1] as string, args.slice(2))
      case 'assoc':
        return this.#call(
          (await Reflect.get(this.#variable(args[0]), args[1] as string, this.#variable(args[0]))) as unknown as Loose,
          args[2] as string,
          args.slice(3),
          this.#collection(args),
        )
      case 'class':
        return this.#call(this.#classes[args[0] as string] as Loose, args[1] as string, args.slice(2))
      default:
        throw new Unsupported(`step ${kind}`)
    }
  }

  #collection(args: readonly unknown[]): Loose {
    return Reflect.get(this.#variable(args[0]), args[1] as string) as unknown as Loose
  }

  #call(target: Loose, method: string, args: readonly unknown[], collection?: Loose): unknown {
    const receiver = collection ?? target
    const values = args.map((arg) => this.#value(arg))
    if (method.endsWith('_ids=') && collection === undefined)
      return (Reflect.get(target, `${method.slice(0, -5)}s`) as unknown as Loose)['replaceIds']!(values[0])
    if (method.endsWith('=') && collection === undefined) {
      const name = method.slice(0, -1)
      if (Array.isArray(values[0])) return (Reflect.get(target, name) as unknown as Loose)['replace']!(values[0])
      return Reflect.set(target, name, values[0])
    }
    const name =
      method === '<<'
        ? 'push'
        : camelize(method.replace('!', '_or_throw').replace('_or_throw_or_throw', '_or_throw'), 'lower').replace('?', '')
    if (method === 'save' && values.length === 1) return receiver['save']!(decodeOptions(values[0] as Record<string, unknown>))
    if (typeof receiver[name] !== 'function') throw new Unsupported(`method ${method}`)
    return receiver[name](...values)
  }

  #variable(name: unknown): Loose {
    return this.#variables.get(name as string) as Loose
  }

  #attributes(attributes: unknown): Record<string, unknown> {
    return Object.fromEntries(Object.entries((attributes ?? {}) as object).map(([name, value]) => [name, this.#value(value)]))
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#value(each))
    if (typeof value !== 'object' || value === null) return value
    if ('$ref' in value) return this.#variable(value['$ref'])
    if ('$sym' in value) return value['$sym']
    return this.#attributes(value)
  }
}

function decodeOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelize(key, 'lower'), decodeOption(key, value)]))
}

function decodeOption(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => decodeOption(key, each))
  if (typeof value !== 'object' || value === null) return value
  if (!('$sym' in value)) return decodeOptions(value as Record<string, unknown>)
  const symbol = String(value['$sym'])
  if (key === 'dependent') return camelize(symbol, 'lower')
  if (key === 'if' || key === 'unless')
    return (record: Loose) =>
      symbol === 'saved_change_to_title?' ? record['isSavedChangeTo']!('title') : Reflect.get(record, symbol.replace('?', ''))
  return symbol
}
