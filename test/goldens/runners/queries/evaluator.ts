import { Rollback, range, sql } from '../../../../src/model/index.ts'
import { CalendarDate } from '../../../../src/model/attributes/calendar_date.ts'
import { Preloader } from '../../../../src/model/relation/preload_records.ts'
import { isActiveRecordCall, isRelation, memberCall, RubyModule } from './members.ts'
import { ruby } from './ruby_values.ts'
import type { AnyModel } from './models.ts'

/** A recorded Ruby expression: a literal, a tagged value, or a receiver and its chain of calls. */
export type Expression = unknown
type Call = readonly [method: string, ...args: unknown[]]
type Variables = Map<string, unknown>

/** A value that isn't to be awaited: relations are thenable. */
interface Box {
  readonly value: unknown
}

/** A block of Ruby: called with the values of its parameters. */
export type Block = (...args: unknown[]) => Promise<unknown>

/** Evaluates recorded expressions against models of ours: each Ruby method is the method that we give its name to. */
export class Evaluator {
  readonly #classes: Record<string, AnyModel>
  #safeCalls: ReadonlySet<string> = new Set()

  constructor(classes: Record<string, AnyModel>) {
    this.#classes = classes
  }

  /** The relation of a scope's body, which may not wait for anything. */
  relation(expression: Expression, self: unknown, variables: Variables): unknown {
    const { chain } = expression as { chain: Call[] }
    return chain.reduce(
      (receiver, [method, ...args]) =>
        memberCall(
          receiver,
          method,
          args.map((arg) => this.#literal(arg, variables)),
        ),
      self,
    )
  }

  /** The value of an expression of a case; `text` is its Ruby, which alone says where calls are safe (`&.`). */
  play(expression: Expression, variables: Variables, text: string): Promise<Box> {
    this.#safeCalls = new Set([...text.matchAll(/&\.(\w+)/g)].map((match) => match[1]!))
    return this.evaluate(expression, variables)
  }

  /** The value of an expression; awaited where it is a promise, relations as they are. */
  async evaluate(expression: Expression, variables: Variables): Promise<Box> {
    if (Array.isArray(expression)) return { value: await this.#all(expression, variables) }
    if (typeof expression !== 'object' || expression === null) return { value: expression }
    if ('chain' in expression) return this.#chain(expression as { from: Expression; chain: Call[] }, variables)
    if (isTagged(expression, '$range')) return { value: await this.#range(expression['$range'] as unknown[], variables) }
    const tag = Object.keys(expression)[0]
    if (tag?.startsWith('$') === true) return { value: this.#literal(expression, variables) }
    return { value: await this.#hash(expression, variables) }
  }

  async #chain({ from, chain }: { from: Expression; chain: readonly Call[] }, variables: Variables): Promise<Box> {
    let box: Box = from === null ? { value: undefined } : await this.evaluate(from, variables)
    for (const [method, ...given] of chain) {
      if (box.value === null && this.#safeCalls.has(method)) return box
      const { args, block } = await this.#arguments(given, variables)
      if (method === 'raise' && from === null) throw new Rollback()
      const receiver = box.value
      box = await settled(this.#call(receiver, method, args, block))
      // `<<` is its receiver, so that calls can follow one another; a promise of a collection would load it where nobody asked for that.
      if (method === '<<' && box.value !== false) box = { value: receiver }
    }
    return box
  }

  #call(receiver: unknown, method: string, args: readonly unknown[], block: Block | undefined): unknown {
    if (isActiveRecordCall(receiver, method)) return memberCall(receiver, method, args, block)
    return ruby(receiver, method, args, block)
  }

  async #arguments(given: readonly unknown[], variables: Variables): Promise<{ args: unknown[]; block: Block | undefined }> {
    const args: unknown[] = []
    let block: Block | undefined
    for (const arg of given) {
      if (isTagged(arg, '$block')) block = this.#block(arg['$block'] as { params: string[]; body: Expression[] }, variables)
      else if (isTagged(arg, '$block_pass')) block = this.#methodBlock(arg['$block_pass'])
      else if (isTagged(arg, '$kw')) args.push(await this.#hash(arg['$kw'] as object, variables))
      else args.push((await this.evaluate(arg, variables)).value)
    }
    return { args, block }
  }

  #block({ params, body }: { params: string[]; body: Expression[] }, variables: Variables): Block {
    return async (...values) => {
      const inner = new Map(variables)
      for (const [place, name] of params.entries()) inner.set(name, values[place])
      let last: Box = { value: null }
      for (const expression of body) last = await this.evaluate(expression, inner)
      return last.value
    }
  }

  #methodBlock(symbol: unknown): Block {
    const method = String(isTagged(symbol, '$sym') ? symbol['$sym'] : symbol)
    return async (receiver) => (await settled(this.#call(receiver, method, [], undefined))).value
  }

  async #range([begin, end, excludesEnd]: readonly unknown[], variables: Variables): Promise<unknown> {
    const [from, to] = await this.#all([begin, end], variables)
    return range(from, to, { excludesEnd: excludesEnd === true })
  }

  async #all(expressions: readonly Expression[], variables: Variables): Promise<unknown[]> {
    const values: unknown[] = []
    for (const expression of expressions) values.push((await this.evaluate(expression, variables)).value)
    return values
  }

  async #hash(hash: object, variables: Variables): Promise<Record<string, unknown>> {
    const entries: [string, unknown][] = []
    for (const [key, value] of Object.entries(hash)) entries.push([key, (await this.evaluate(value, variables)).value])
    return Object.fromEntries(entries)
  }

  #literal(value: unknown, variables: Variables): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#literal(each, variables))
    if (typeof value !== 'object' || value === null) return value
    const [tag, content] = Object.entries(value)[0] ?? ['', undefined]
    switch (tag) {
      case '$sym':
        return content
      case '$const':
        if (content === 'Float::INFINITY') return Number.POSITIVE_INFINITY
        if (content === 'Module') return RubyModule
        if (content === 'ActiveRecord::Associations::Preloader') return Preloader
        return this.#classes[content as string] ?? new Error(`constant ${String(content)}`)
      case '$var':
        return variables.get(content as string)
      case '$arel_sql':
        return sql(content as string)
      case '$range': {
        const [begin, end, excludesEnd] = content as [unknown, unknown, boolean]
        return range(this.#literal(begin, variables), this.#literal(end, variables), { excludesEnd })
      }
      case '$time':
      case '$datetime':
        return new Date(content as string)
      case '$date':
        return new CalendarDate(content as string)
      case '$decimal':
        return content
      case '$int':
        return BigInt(content as string)
      case '$float':
        return { Infinity, '-Infinity': -Infinity, NaN }[content as string] ?? Number(content)
      case '$kw':
        return this.#literalHash(content as object, variables)
      case '$hash':
        return new Map(
          (content as [unknown, unknown][]).map((pair) => pair.map((each) => this.#literal(each, variables)) as [unknown, unknown]),
        )
      default:
        if (tag.startsWith('$')) throw new Error(`no reading of ${tag}`)
        return this.#literalHash(value, variables)
    }
  }

  #literalHash(hash: object, variables: Variables): Record<string, unknown> {
    return Object.fromEntries(Object.entries(hash).map(([key, value]) => [key, this.#literal(value, variables)]))
  }
}

function isTagged(value: unknown, tag: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, tag)
}

/** What a call gave: promises and association references are awaited, relations aren't. */
async function settled(value: unknown): Promise<Box> {
  if (value instanceof Promise) {
    const settled: unknown = await value
    return { value: isTagged(settled, 'boxed') ? settled['boxed'] : settled }
  }
  return { value: isRelation(value) || typeof value === 'function' ? value : await value }
}
