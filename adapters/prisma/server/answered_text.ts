import { createRequire } from 'node:module'
import { packageOf } from './factory.ts'

type Parser = (text: string) => unknown
interface Types {
  getTypeParser(type: number, format?: string): Parser
}
interface Answer {
  readonly fields?: AnsweredField[]
}
/** A column of an answer, with the type that the database gave it where it is answered as text. */
export interface AnsweredField {
  dataTypeID: number
  nativeTypeID?: number
}
type Callback = (error: unknown, answer?: Answer) => void
interface Driver {
  connect(callback?: (error: unknown) => void): unknown
  query(config: unknown, ...rest: unknown[]): unknown
}

const TEXT = 25
const MONEY = 790
const MONEY_LIST = 791
/** The first type that isn't PostgreSQL's own: Prisma's adapter takes those from here on as texts. */
const FIRST_OTHER = 16_384

/** Types that Prisma's adapter refuses to read, or reads as objects: ranges, intervals, points, addresses of network cards, search vectors and more. */
const asText = new Set([
  18, 22, 27, 28, 600, 601, 602, 603, 604, 628, 718, 774, 829, 1186, 2202, 2203, 2204, 2205, 2206, 2970, 3220, 3614, 3615, 3734, 3769, 3904,
  3906, 3908, 3910, 3912, 3926, 4072, 4089, 4096, 4191, 4451, 4532, 4533, 4534, 4535, 4536, 5038, 5069,
])
/** The lists of those that a column may have. */
const listsAsText = new Set([719, 775, 1017, 1018, 1019, 1020, 1027, 1040, 1187, 629, 3221, 3643, 3645, 3905, 3907, 3909, 3911, 3913, 3927])

/** A client of PostgreSQL's driver that answers as text what Prisma's adapter can't read, and amounts of money with their sign. Its times are in UTC,
 * as Rails' are: Prisma's adapter writes and reads them without a zone, which a server with another one would take for its own. */
export function clientOfText(): unknown {
  const { Client } = createRequire(packageOf('PostgreSQL', '@prisma/adapter-pg'))('pg') as { Client: new (config: object) => Driver }
  return class ClientOfText extends Client {
    override connect(callback?: (error: unknown) => void): unknown {
      if (callback === undefined) return (super.connect() as Promise<unknown>).then(() => super.query(inUtc))
      return super.connect((error) => {
        if (error) callback(error)
        else super.query(inUtc, callback)
      })
    }

    override query(config: unknown, ...rest: unknown[]): unknown {
      if (!isPrismas(config)) return super.query(config, ...rest)
      const callback = rest.findIndex((each) => typeof each === 'function')
      const types: Types = { getTypeParser: (type, format) => parserOf(type) ?? config.types.getTypeParser(type, format) }
      const texts = { ...config, types }
      if (callback < 0) return (super.query(texts, ...rest) as Promise<Answer>).then(withTexts)
      const given = rest[callback] as Callback
      const told: Callback = (error, answer) => given(error, answer === undefined ? answer : withTexts(answer))
      return super.query(texts, ...rest.with(callback, told))
    }
  }
}

const inUtc = "SET SESSION timezone TO 'UTC'"

function isPrismas(config: unknown): config is { types: Types } {
  return typeof config === 'object' && config !== null && 'rowMode' in config && 'types' in config
}

function parserOf(type: number): Parser | undefined {
  if (type === MONEY) return amountOf
  if (type === MONEY_LIST)
    return (text) =>
      text
        .slice(1, -1)
        .match(/"(?:[^"\\]|\\.)*"|[^,]+/g)
        ?.map((each) => amountOf(each.replace(/^"|"$/g, ''))) ?? []
  return asText.has(type) || listsAsText.has(type) ? (text) => text : undefined
}

function withTexts(answer: Answer): Answer {
  for (const field of answer.fields ?? []) {
    const type = field.dataTypeID
    if (type >= FIRST_OTHER || !(asText.has(type) || listsAsText.has(type))) continue
    field.nativeTypeID = type
    field.dataTypeID = TEXT
  }
  return answer
}

/** The number in an amount as a server writes it in its language: `$1,234.50`, `-12.345,67 €`, `($2.55)`. */
function amountOf(text: string): string {
  if (text === 'NULL') return null as never
  const sign = /^\(|-/.test(text) ? '-' : ''
  const [, whole, fraction = ''] = /^(.*?)(?:[.,](\d{2}))?$/.exec(text.replace(/[^\d.,]/g, ''))!
  return `${sign}${whole!.replace(/[.,]/g, '')}${fraction === '' ? '' : `.${fraction}`}`
}
