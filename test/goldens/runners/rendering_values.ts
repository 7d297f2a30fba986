/** What a golden asks for that this project doesn't have, or not yet. */
export class NotBuilt extends Error {}

class Decimal {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toJSON(): string | null {
    return /^[-\d.]+$/.test(this.#text) ? this.#text : null
  }
}

/** The value that the recorder's tags stand for, where JavaScript has one. */
export function fromRuby(tagged: unknown): unknown {
  if (Array.isArray(tagged)) return tagged.map(fromRuby)
  if (typeof tagged !== 'object' || tagged === null) return tagged
  const [[tag, value]] = [...Object.entries(tagged), ['', undefined]] as [[string, never]]
  if (!tag.startsWith('$')) return Object.fromEntries(Object.entries(tagged).map(([key, member]) => [key, fromRuby(member)]))
  const reader = readers[tag]
  if (reader === undefined) throw new NotBuilt(`${tag} ${JSON.stringify(value)}`)
  return reader(value)
}

const readers: Record<string, (value: never) => unknown> = {
  $sym: (name: string) => name,
  $int: (digits: string) => BigInt(digits),
  $float: (digits: string) => Number(digits),
  $decimal: (digits: string) => new Decimal(digits),
  $date: (day: string) => day,
  $time: (time: string) => (time.endsWith('Z') ? new Date(time) : notBuilt(`a time with an offset: ${time}`)),
  $set: (elements: unknown[]) => new Set(elements.map(fromRuby)),
  $hash: (pairs: [unknown, unknown][]) => new Map(pairs.map(([key, member]) => [fromRuby(key), fromRuby(member)])),
  $ruby: (ruby: string) => objects[ruby]?.() ?? (ruby.startsWith('url_from(') ? { ruby } : notBuilt(ruby)),
}

const objects: Record<string, () => unknown> = {
  '"<b>x</b>".html_safe': () => '<b>x</b>',
  'an object with @a = 1, @b = "x"': () =>
    new (class {
      a = 1
      b = 'x'
    })(),
  'an object whose as_json(opts) returns {custom: true, opts: opts.keys.sort}': () => ({
    asJson: (options: object = {}) => ({ custom: true, opts: Object.keys(options).toSorted() }),
  }),
}

function notBuilt(what: string): never {
  throw new NotBuilt(what)
}
