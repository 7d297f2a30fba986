import { Parameters } from '../../../src/controller/index.ts'
import { createParameterHash } from '../../../src/http/index.ts'
import { range, sql } from '../../../src/model/index.ts'
import { NotHere } from './rendering_errors.ts'
import type { AnyModel, RenderingModels } from './rendering_models.ts'

class Decimal {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toJSON(): string | null {
    return /^[-\d.]+$/.test(this.#text) ? this.#text : null
  }
}

/** Ruby of the recording that made values, with what stands for it here; evaluated before a case. */
export type Evaluated = ReadonlyMap<string, unknown>

/** Evaluates the Ruby that a case holds.
 *
 * @param options of the JSON: associations that it includes are loaded, as Rails loads them when it meets them
 */
export async function evaluateAll(one: unknown, models: RenderingModels, options: unknown): Promise<Evaluated> {
  const evaluated = new Map<string, unknown>()
  for (const ruby of rubyIn(one)) {
    const value = await evaluateModel(ruby, models, options as { include?: unknown } | undefined)
    if (value !== undefined) evaluated.set(ruby, value)
  }
  return evaluated
}

/** The value that the recorder's tags stand for, where JavaScript has one. */
export function fromRuby(tagged: unknown, evaluated: Evaluated = new Map()): unknown {
  if (Array.isArray(tagged)) return tagged.map((one) => fromRuby(one, evaluated))
  if (typeof tagged !== 'object' || tagged === null) return tagged
  const [[tag, value]] = [...Object.entries(tagged), ['', undefined]] as [[string, never]]
  if (!tag.startsWith('$'))
    return Object.fromEntries(Object.entries(tagged).map(([key, member]) => [camelOption(key), fromRuby(member, evaluated)]))
  if (tag === '$ruby' && evaluated.has(value)) return evaluated.get(value)
  const reader = readers[tag]
  if (reader === undefined) throw new NotHere(`${tag} ${JSON.stringify(value)}`)
  return reader(value)
}

function camelOption(key: string): string {
  return key === 'full_messages' ? 'fullMessages' : key
}

const readers: Record<string, (value: never) => unknown> = {
  $sym: (name: string) => name,
  $int: (digits: string) => BigInt(digits),
  $float: (digits: string) => Number(digits),
  $decimal: (digits: string) => new Decimal(digits),
  $date: (day: string) => day,
  $time: (time: string) => new Date(time),
  $twz: ([time]: [string, string]) => new Date(time),
  $datetime: (time: string) => new Date(time),
  $range: ([begin, end, excludesEnd]: [unknown, unknown, boolean]) => range(fromRuby(begin), fromRuby(end), { excludesEnd }),
  $duration: ([, seconds]: [string, number]) => Math.trunc(seconds),
  $bytes: (hex: string) => notHere(`bytes that are no UTF-8: ${hex}`),
  $set: (elements: unknown[]) => new Set(elements.map((one) => fromRuby(one))),
  $hash: (pairs: [unknown, unknown][]) => new Map(pairs.map(([key, member]) => [fromRuby(key), fromRuby(member)])),
  $ruby: (ruby: string) => objects[ruby]?.() ?? (/^(url_from|proc|post_(url|path))\b/.test(ruby) ? { ruby } : notHere(ruby)),
}

const withAsJson = () => ({
  asJson: (options: object = {}) => ({ custom: true, opts: Object.keys(options).toSorted() }),
})

class AmRoot {
  static includeRootInJson = true
  serializableHash() {
    return { name: 'n', age: 3 }
  }
}

function* doubled(numbers: readonly number[]): Generator<number> {
  for (const number of numbers) yield number * 2
}

const objects: Record<string, () => unknown> = {
  '"<b>x</b>".html_safe': () => '<b>x</b>',
  '1.hour': () => 3600,
  '20.minutes': () => 1200,
  '1.day': () => 86_400,
  '1.year': () => 31_556_952,
  'an object with @a = 1, @b = "x"': () => new (class { a = 1; b = 'x' })(), // biome-ignore format: a table
  'an object whose as_json(opts) returns {custom: true, opts: opts.keys.sort}': withAsJson,
  '[the same object]': () => [withAsJson()],
  'WithAsJson.new': withAsJson,
  'an object with to_hash': () => ({ serializableHash: () => ({ via_to_hash: 1 }) }),
  'permitted ActionController::Parameters a: 1': () => new Parameters(Object.assign(createParameterHash(), { a: 1 })).permitAll(),
  'an object with to_h': () => new (class { toHash() { return { via_to_h: 1 } } })(), // biome-ignore format: a table
  'Struct.new(:a, :b).new(1, "x")': () => ({ a: 1, b: 'x' }),
  'Data.define(:x, :y).new(x: 1, y: 2)': () => Object.freeze({ x: 1, y: 2 }),
  "ActiveModel::Model with attr_accessor name, age; new(name: 'n', age: 3)": () => new (class { name = 'n'; age = 3 })(), // biome-ignore format: a table
  'ActiveModel::Attributes + Serializers::JSON': () => ({ serializableHash: () => ({ name: 'n', age: 3 }) }),
  'the same, include_root_in_json = true': () => new AmRoot(),
  'URI("http://x.y/z?q=1&r=<")': () => 'http://x.y/z?q=1&r=<',
  '(1..3).lazy.map { |x| x * 2 }': () => ({ [Symbol.iterator]: () => doubled([1, 2, 3]) }),
  '[1, 2].each': () => new Set([1, 2]),
  'an Enumerable each-ing 1, 2': () => new Set([1, 2]),
  'StandardError.new("boom")': () => new Error('boom'),
  '{x: 1.5.to_d}': () => ({ x: new Decimal('1.5') }),
}

function notHere(what: string): never {
  throw new NotHere(what)
}

function rubyIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { $ruby } = value as { $ruby?: unknown }
  return typeof $ruby === 'string' ? [$ruby] : Object.values(value).flatMap(rubyIn)
}

type Query = Record<string, (...args: unknown[]) => unknown>
type Found = Record<string, unknown> & Record<string, (...args: unknown[]) => never>

async function evaluateModel(ruby: string, models: RenderingModels, options: { include?: unknown } | undefined): Promise<unknown> {
  const { Post, User } = models
  const find = async (model: AnyModel, id: number): Promise<Found> => {
    const included = includeNames(options?.include)
    const query = included === undefined ? model : (model['includes']!(included) as Query)
    return (await query['find']!(id)) as Found
  }
  const all = async (query: unknown) => {
    const included = includeNames(options?.include)
    return await (included === undefined ? query : (query as Query)['includes']!(included))
  }
  const invalid = async (model: AnyModel, attributes = {}) => {
    const record = new model(attributes) as unknown as Found
    await record['isValid']!()
    return record['errors'] as unknown as { fullMessages: string[]; details: unknown; toHash(full: boolean): unknown }
  }
  const found = /^(User|Post)\.find\((\d+)\)$/.exec(ruby)
  if (found !== null) return find(models[found[1] as 'User' | 'Post'], Number(found[2]))
  const scripts: Record<string, () => unknown> = {
    "Post.new(title: 'x')": () => new Post({ title: 'x' }),
    'Post.new': () => new Post(),
    'Post.order(:id)': () => all(Post['order']!('id')),
    'Post.order(:id).load': () => all(Post['order']!('id')),
    'Post.none': () => all(Post['none']!()),
    '[Post.find(1), User.find(2)]': async () => [await find(Post, 1), await find(User, 2)],
    '[Post.find(1), User.find(1)]': async () => [await find(Post, 1), await find(User, 1)],
    '{ post: Post.find(2) }': async () => ({ post: await find(Post, 2) }),
    '{ post: Post.find(2), total: 1 }': async () => ({ post: await find(Post, 2), total: 1 }),
    'Post.select(:id, :title).find(1)': () => (Post['select']!('id', 'title') as Query)['find']!(1),
    "Post.select('id, UPPER(title) AS shout').find(2)": () => (Post['select']!('id', sql('UPPER(title) AS shout')) as Query)['find']!(2),
    'Post.select(:id).find(1)': () => (Post['select']!('id') as Query)['find']!(1),
    'Post.order(:id).pluck(:id, :title)': () => (Post['order']!('id') as Query)['pluck']!('id', 'title'),
    'Post.group(:user_id).count': async () => new Map((await (Post['group']!('user_id') as Query)['count']!()) as Map<unknown, unknown>),
    'User.find(1).posts': async () => await (await find(User, 1))['posts'],
    'Post.find(2).tap { |p| p.readonly! }': async () => (await find(Post, 2))['readonly']!(),
    'Post.new.tap(&:valid?).errors': () => invalid(Post),
    "Post.new(title: 'x').tap(&:valid?).errors": () => invalid(Post, { title: 'x' }),
    'User.new.tap(&:valid?).errors': () => invalid(User),
    'Post.new.tap(&:valid?).errors.full_messages': async () => (await invalid(Post)).fullMessages,
    "Post.new(title: 'x' * 30).tap(&:valid?).errors.full_messages": async () =>
      (await invalid(Post, { title: 'x'.repeat(30) })).fullMessages,
    'Post.new.tap(&:valid?).errors.to_hash(true)': async () => (await invalid(Post)).toHash(true),
    'User.new.tap(&:valid?).errors.details': async () => (await invalid(User)).details,
    'Post.find(2).serializable_hash(only: [:id, :created_at])': async () =>
      (await find(Post, 2))['serializableHash']!({ only: ['id', 'created_at'] }),
    'Post.find(2).attributes': async () => (await find(Post, 2))['attributes'],
    'Post.find(2).slice(:id, :title)': async () => (await find(Post, 2))['slice']!('id', 'title'),
  }
  return scripts[ruby]?.()
}

// What `include` of the JSON names, for `includes` of the query.
function includeNames(include: unknown): unknown {
  if (include === undefined || include === 'nope') return undefined
  if (typeof include === 'string') return include
  if (Array.isArray(include)) return include.map(includeNames)
  const { $sym } = include as { $sym?: string }
  if ($sym !== undefined) return $sym === 'nope' ? undefined : $sym
  return Object.fromEntries(
    Object.entries(include as object).map(([name, nested]: [string, { include?: unknown }]) => [name, includeNames(nested.include) ?? []]),
  )
}
