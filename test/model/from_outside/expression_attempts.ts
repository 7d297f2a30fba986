import { expect } from 'chai'
import { RegaugeError } from '../../../src/errors/index.ts'
import { Arel, InvalidArgument, range, sql, type SqlFragment } from '../../../src/model/index.ts'
import { fromOutside } from '../../../src/values/index.ts'
import { Text, Writer } from './attacked_models.ts'
import { boundDatabase, type TestDatabase } from '../test_database.ts'

const parsed = (json: string) => fromOutside(JSON.parse(json) as object)

/** What somebody sends who hopes that it is more than a value; no expression takes it for one. */
const objects: Readonly<Record<string, unknown>> = {
  'an empty object': parsed('{}'),
  'an operator': parsed('{"gt":0}'),
  'a range': parsed('{"begin":0,"end":1000000,"excludesEnd":false}'),
  'an endless range': parsed('{"begin":null,"end":null}'),
  'a fragment': parsed('{"text":"1=1","values":[],"isWhole":true}'),
  'a list of a length': parsed('{"length":1000000000}'),
  'what is no text': parsed('{"toString":"x","valueOf":"y"}'),
  'what is no JSON': parsed('{"toJSON":"x"}'),
  'a decimal': parsed('{"toFixed":1}'),
  'another prototype': parsed('{"__proto__":{"gt":0}}'),
  'no prototype': Object.assign(Object.create(null) as object, { gt: 0 }),
  'an object of a list': [parsed('{"gt":0}')],
  'a symbol': Symbol('x'),
  'a function': () => "' or 1=1 --",
  'a circle': circle(),
  'what JSON has no word for': { amount: 1n },
}

function circle(): object {
  const itself: { itself?: object } = {}
  return Object.assign(itself, { itself })
}

type Entry = (sent: never) => unknown

/** Describes what becomes of values from outside in expressions, on a database of some kind; nothing when it can't be had. */
export function describeExpressionAttempts(open: () => Promise<TestDatabase | undefined>): void {
  boundDatabase([Writer, Text], open)
  before(async () => {
    for (const [title, views] of [
      ['Tea', 10],
      ['Milk', 3],
    ] as const)
      await Text.createOrThrow({ title, views, status: 'published' })
  })

  type Table = Record<'id' | 'title' | 'views' | 'status' | 'published_at', ReturnType<typeof sql<never>>>
  const t = () => Text.arelTable as unknown as Table
  const expressions: Readonly<Record<string, () => ReturnType<typeof sql<never>>>> = {
    'a column': () => t().views,
    'a calculation': () => t().views.add(1 as never) as never,
    'a text': () => t().title.lower() as never,
    'SQL by hand': () => sql('views'),
  }
  const titles = (condition: SqlFragment) => Text.where(condition).order('id').pluck('title')

  const compared = ['eq', 'notEq', 'gt', 'gteq', 'lt', 'lteq', 'in', 'notIn', 'between', 'notBetween', 'eqAny', 'notEqAll'] as const
  const matched = ['matches', 'doesNotMatch', 'matchesAny', 'matchesAll', 'doesNotMatchAny', 'doesNotMatchAll'] as const
  const calculated = ['add', 'subtract', 'multiply', 'divide', 'concat'] as const

  const entries: Record<string, Entry> = {}
  for (const [name, expression] of Object.entries(expressions)) {
    if (name !== 'a column') for (const method of compared) entries[`${method} of ${name}`] = (sent) => titles(expression()[method](sent))
    for (const method of matched) entries[`${method} of ${name}`] = (sent) => titles(expression()[method](sent))
    for (const method of calculated) entries[`${method} of ${name}`] = (sent) => titles(sql('1 = ?', expression()[method](sent)))
    entries[`matches of ${name} with an escape`] = (sent) => titles(expression().matches('a', sent))
    entries[`the name of ${name}`] = (sent) => Text.select(expression().as(sent))
    entries[`extract of ${name}`] = (sent) => Text.select(expression().extract(sent))
    entries[`a condition beside ${name}`] = (sent) =>
      titles(
        expression()
          .eq(1 as never)
          .and(sent),
      )
    entries[`a condition instead of ${name}`] = (sent) =>
      titles(
        expression()
          .eq(1 as never)
          .or(sent),
      )
  }
  const others: Readonly<Record<string, Entry>> = {
    'a value': (sent) => titles(Arel.quoted(sent).eq(1 as never)),
    'the first that is there': (sent) => titles(Arel.coalesce(t().views, sent).eq(1 as never)),
    'an argument of a function': (sent) => titles(Arel.namedFunction('abs', [sent]).eq(1)),
    'the arguments of a function': (sent) =>
      titles(Arel.namedFunction('abs', (Array.isArray(sent) ? { ...(sent as []) } : sent) as never).eq(1)),
    'the name of a function': (sent) => Arel.namedFunction(sent, []),
    'a condition of a case': (sent) => titles(Arel.case().when(sent, 1).else(2).eq(1)),
    'a value of a case': (sent) =>
      titles(
        Arel.case()
          .when(t().views.gt(1 as never), sent as 1)
          .eq(1),
      ),
    'the rest of a case': (sent) =>
      titles(
        Arel.case()
          .when(t().views.gt(1 as never), 1)
          .else(sent as 1)
          .eq(1),
      ),
    'a query that has a row': (sent) => titles(Arel.exists(sent)),
    'a query of a union': (sent) => titles(t().id.in(Arel.union(Text.all(), sent) as never)),
    'an alias of a table': (sent) => Arel.alias(Text.arelTable, sent),
    'a table with an alias': (sent) => Arel.alias(sent, 'other'),
    'a table that is joined': (sent) => Text.joins(Arel.join(sent).on(sql('1 = 1'))),
    'the condition of a join': (sent) => Arel.join(Writer.arelTable).on(sent),
    'all columns of a table': (sent) => Text.select(Arel.star(sent)),
    'a value of SQL by hand': (sent) => titles(sql('views = ?', sent)),
    'a value by name': (sent) => titles(sql('views = :views', { views: sent })),
    'a number of a format': (sent) => Text.where('views = %d', sent),
    'a text of a format': (sent) => Text.where("title = '%s'", sent),
    'SQL to sanitize': (sent) => titles(Text.sanitizeSql(sent)!),
    'a value of SQL to sanitize': (sent) => titles(Text.sanitizeSql(['views = ?', sent])!),
    'a value of a text': (sent) => `${Text.sanitizeSql(['views = ?', sent])}`,
    'an order to sanitize': (sent) => Text.sanitizeSqlForOrder(sent),
    'a pattern to sanitize': (sent) => Text.sanitizeSqlLike(sent),
    'an escape of a pattern': (sent) => Text.sanitizeSqlLike('a', sent),
    'a value to quote': (sent) => Text.connection.quote(sent),
    'a name to quote': (sent) => Text.connection.quoteColumnName(sent),
    'the name of a table to quote': (sent) => Text.connection.quoteTableName(sent),
  }
  for (const [name, entry] of Object.entries({ ...entries, ...others }))
    it(`takes no object as ${name}`, async () => {
      for (const [what, sent] of Object.entries(objects)) {
        const found = await Promise.resolve()
          .then(() => entry(sent as never))
          .then((answer) => `${what} was taken: ${JSON.stringify(answer)}`)
          .catch((error: unknown) => error)
        expect(found, `${what}: ${String(found)}`).to.be.instanceOf(RegaugeError)
        expect((found as RegaugeError).code, what).not.to.equal('REGAUGE_DATABASE_ERROR')
      }
    })

  it('writes no name with a null byte', () => {
    expect(() => Text.select(t().views.as('a\0b'))).to.throw(InvalidArgument, 'null')
    expect(() => Text.select({ views: 'a\0b' } as never)).to.throw(InvalidArgument, 'null')
  })

  it('finds what lies within the ends that a range has', async () => {
    const calculation = expressions['a calculation']!()
    expect(await titles(calculation.in(range(5, null) as never))).to.deep.equal(['Tea'])
    expect(await titles(calculation.notIn(range(null, 5) as never))).to.deep.equal(['Tea'])
    expect(await titles(calculation.in(range(null, Number.POSITIVE_INFINITY) as never))).to.deep.equal(['Tea', 'Milk'])
  })

  it('compares a text with texts alone, so that none equals 0', async () => {
    for (const sent of [0, 0n, false]) {
      expect(
        await titles(
          t()
            .title.lower()
            .eq(sent as never),
        ),
      ).to.deep.equal([])
      expect(
        await titles(
          t()
            .title.upper()
            .in([sent, 7] as never),
        ),
      ).to.deep.equal([])
      expect(
        await titles(
          t()
            .title.concat('')
            .eq(sent as never),
        ),
      ).to.deep.equal([])
    }
  })

  it('casts what stands beside expressions in a list', async () => {
    expect(await titles(t().status.in(['published', sql('-1')] as never))).to.deep.equal(['Tea', 'Milk'])
    expect(await titles(t().status.notIn(['published', sql('-1')] as never))).to.deep.equal([])
  })

  it('takes as many patterns and values as somebody sends', async () => {
    const many = Array.from({ length: 900 }, (_, place) => `x${place}`)
    expect(await titles(t().title.matchesAny([...many, 'T%']))).to.deep.equal(['Tea'])
    expect(await titles(t().title.doesNotMatchAll([...many, 'T%']))).to.deep.equal(['Milk'])
    expect(
      await titles(
        t()
          .title.lower()
          .eqAny([...many, 'tea'] as never),
      ),
    ).to.deep.equal(['Tea'])
    const holes = Object.assign([] as unknown[], { 3: 'tea' })
    expect(
      await titles(
        t()
          .title.lower()
          .in(holes as never),
      ),
    ).to.deep.equal(['Tea'])
    expect(await titles(sql('lower(title) in (?)', holes))).to.deep.equal(['Tea'])
  })

  it('takes lists that are longer than a stack is deep', async function () {
    this.timeout(120_000)
    const many = Array.from({ length: 130_000 }, (_, place) => `x${place}`)
    expect(
      await titles(
        t()
          .title.lower()
          .in([...many, 'tea'] as never),
      ),
    ).to.deep.equal(['Tea'])
    expect(await Text.where({ title: [...many, 'Tea'] }).pluck('title')).to.deep.equal(['Tea'])
  })

  it('makes a text of an object that inherits nothing', () => {
    const sent = Object.assign(Object.create(null) as object, { toString: 'x' })
    expect(new Text({ title: sent }).readAttribute('title')).to.equal('{"toString":"x"}')
  })

  it('finds no time beyond the calendar', async () => {
    for (const sent of [1e300, Number.NaN, new Date(Number.NaN)]) {
      expect(await Text.where({ published_at: sent as never }).count()).to.equal(0)
      expect(await titles(t().published_at.gt(sent as never))).to.deep.equal([])
    }
    expect(() => Text.where('published_at > ?', new Date(Number.NaN))).to.throw(InvalidArgument)
  })

  it('begins no comment with a number below 0', async () => {
    const given = Text.sanitizeSql(['views = 7-? and title = ?', -3, '\n or 1 = 1 --'])
    expect(String(given)).not.to.include('--1')
    expect(await Text.where(`${given}`).count()).to.equal(0)
    expect(await Text.where(`${Text.sanitizeSql(['views = 7-?', -3])} and 1 = 0`).count()).to.equal(0)
    expect(await Text.where(`${Text.sanitizeSql(['views = 7-?', -3])}`).count()).to.equal(1)
  })

  it('escapes a pattern by any character', async () => {
    for (const character of ['\\', '$', '!', '&']) {
      const sent = `${character}%`
      const [{ id }, other] = [await Text.createOrThrow({ title: sent }), await Text.createOrThrow({ title: `${character}x` })]
      const pattern = Text.sanitizeSqlLike(sent, character)
      expect(await Text.where(t().title.matches(pattern, character)).ids(), character).to.deep.equal([id])
      await Text.where({ id: [id, other.id] }).deleteAll()
    }
  })
}
