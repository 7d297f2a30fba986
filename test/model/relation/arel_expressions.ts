import { expect } from 'chai'
import { Arel, InvalidArgument, modelOf, range, type SqlFragment, sql, UnknownColumn } from '../../../src/model/index.ts'
import { fromOutside } from '../../../src/values/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, type TestDatabase } from '../test_database.ts'

/** The tables that the expressions are about. */
export const arelModels = `
model Writer {
  id    Int    @id @default(autoincrement())
  name  String
  texts Text[]
  @@map("writers")
}
model Text {
  id           Int       @id @default(autoincrement())
  title        String
  status       Int       @default(0)
  views        Int       @default(0)
  likes        Int       @default(0)
  price        Decimal?  @db.Decimal(10, 2)
  published_at DateTime? @map("published")
  writer_id    Int?
  writer       Writer?   @relation(fields: [writer_id], references: [id])
  @@map("texts")
}
`

interface WriterPayload {
  name: 'Writer'
  objects: { texts: TextPayload[] }
  scalars: { id: number; name: string }
}
interface TextPayload {
  name: 'Text'
  objects: { writer: WriterPayload | null }
  scalars: {
    id: number
    title: string
    status: 'draft' | 'published'
    views: number
    likes: number
    price: number | { toFixed(places: number): string } | null
    published_at: Date | null
    writer_id: number | null
  }
}
interface Press {
  types: { model: { Writer: { payload: WriterPayload }; Text: { payload: TextPayload } } }
  models: { Writer: Writer; Text: Text }
}

const Model = modelOf<Press>()
class Writer extends Model('Writer') {
  static {
    this.hasMany('texts')
  }
}
class Text extends Model('Text') {
  static {
    this.belongsTo('writer', { optional: true })
    this.enum('status', ['draft', 'published'])
  }

  static loud() {
    return this.where(this.arelTable.views.gt(50))
  }
}

/** What Arel says, on the database that `open` opens. */
export function describeArel(open: () => Promise<TestDatabase | undefined>): void {
  boundDatabase([Writer, Text], open)
  before(async () => {
    const ann = await Writer.createOrThrow({ name: 'Ann' })
    const bob = await Writer.createOrThrow({ name: 'Bob' })
    const rows: [
      title: string,
      views: number,
      likes: number,
      status: 'draft' | 'published',
      writer: Writer | null,
      price: number | null,
      day: string | null,
    ][] = [
      ['Tea', 120, 5, 'published', ann, 1.5, '2026-01-02T03:04:05.000Z'],
      ['Coffee', 10, 20, 'published', ann, 2.25, '2026-02-03T00:00:00.000Z'],
      ['milk', 0, 0, 'draft', null, null, null],
      ['Juice', 300, 3, 'published', bob, 4, '2025-05-06T00:00:00.000Z'],
    ]
    for (const [title, views, likes, status, writer, price, published_at] of rows)
      await Text.createOrThrow({
        title,
        views,
        likes,
        status,
        writer,
        price,
        published_at: published_at === null ? null : new Date(published_at),
      })
  })

  const texts = () => Text.arelTable
  const writers = () => Writer.arelTable
  type Table = typeof Text.arelTable
  const titles = (relation: ReturnType<typeof Text.all>) => relation.order('id').pluck('title')

  const conditions: [name: string, condition: (t: Table) => SqlFragment, expected: string[]][] = [
    ['a value', (t) => t.title.eq('Tea'), ['Tea']],
    ['another value', (t) => t.title.notEq('Tea'), ['Coffee', 'milk', 'Juice']],
    ['no value', (t) => t.writer_id.eq(null), ['milk']],
    ['any value', (t) => t.writer_id.notEq(null), ['Tea', 'Coffee', 'Juice']],
    ['more', (t) => t.views.gt(10), ['Tea', 'Juice']],
    ['as much', (t) => t.views.gteq(10), ['Tea', 'Coffee', 'Juice']],
    ['less', (t) => t.views.lt(10), ['milk']],
    ['no more', (t) => t.views.lteq(10), ['Coffee', 'milk']],
    ['a list', (t) => t.id.in([1, 3]), ['Tea', 'milk']],
    ['an empty list', (t) => t.id.in([]), []],
    ['what is in no list', (t) => t.id.notIn([1, 3]), ['Coffee', 'Juice']],
    ['what is in no empty list', (t) => t.id.notIn([]), ['Tea', 'Coffee', 'milk', 'Juice']],
    ['a range', (t) => t.views.between(range(10, 120)), ['Tea', 'Coffee']],
    ['a range that ends before', (t) => t.views.in(range(10, 120, { excludesEnd: true })), ['Coffee']],
    ['outside of a range', (t) => t.views.notBetween(range(10, 120)), ['milk', 'Juice']],
    ['a pattern', (t) => t.title.matches('%e%'), ['Tea', 'Coffee', 'Juice']],
    ['a pattern without regard to case', (t) => t.title.matches('MI%'), ['milk']],
    ['a pattern with an escape', (t) => t.title.matches('!%', '!'), []],
    ['no pattern', (t) => t.title.doesNotMatch('%e%'), ['milk']],
    ['one of some patterns', (t) => t.title.matchesAny(['T%', 'J%']), ['Tea', 'Juice']],
    ['no pattern at all', (t) => t.title.matchesAny([]), []],
    ['all of some patterns', (t) => t.title.matchesAll(['%e', '%ui%']), ['Juice']],
    ['an enum by its name', (t) => t.status.eq('draft'), ['milk']],
    ['a time', (t) => t.published_at.lt(new Date('2026-01-01T00:00:00.000Z')), ['Juice']],
    ['a text as a number', (t) => t.views.eq('120' as never), ['Tea']],
    ['another column', (t) => t.likes.gt(t.views), ['Coffee']],
    ['both', (t) => t.views.gt(5).and(t.views.lt(200)), ['Tea', 'Coffee']],
    ['either', (t) => t.id.eq(1).or(t.id.eq(4)), ['Tea', 'Juice']],
    ['either of both', (t) => t.id.eq(1).or(t.id.eq(4)).and(t.views.gt(200)), ['Juice']],
    ['both or one', (t) => t.id.eq(1).or(t.id.eq(4).and(t.views.gt(200))), ['Tea', 'Juice']],
    ['not both', (t) => t.id.eq(1).or(t.id.eq(4)).not(), ['Coffee', 'milk']],
    ['small letters', (t) => t.title.lower().eq('tea'), ['Tea']],
    ['small letters in a list', (t) => t.title.lower().in(['tea', 'milk']), ['Tea', 'milk']],
    ['a sum', (t) => t.views.add(t.likes).gt(120), ['Tea', 'Juice']],
    ['a product', (t) => t.views.multiply(2).add(1).eq(21), ['Coffee']],
    ['texts put together', (t) => t.title.concat('!').eq('Tea!'), ['Tea']],
    ['a function', (t) => Arel.namedFunction<number>('length', [t.title]).eq(3), ['Tea']],
    ['the first that is there', (t) => Arel.coalesce(t.writer_id, 0).eq(0), ['milk']],
    ['a case', (t) => Arel.case().when(t.views.gt(100), 'hot').else('cold').eq('cold'), ['Coffee', 'milk']],
    ['what SQL by hand compares', () => sql('texts.views % ?', 100).eq(20), ['Tea']],
    ['what SQL by hand says, beside others', (t) => sql('1 = 0 or texts.id < 3').and(t.id.gt(1)), ['Coffee']],
    ['fragments in SQL by hand', (t) => sql('? > ? * 2', t.views, t.likes), ['Tea', 'Juice']],
  ]
  for (const [name, condition, expected] of conditions)
    it(`finds rows by ${name}`, async () => {
      expect(await titles(Text.where(condition(texts())))).to.deep.equal(expected)
    })

  it('stands beside conditions of hashes, and is one of their values', async () => {
    const t = texts()
    expect(await titles(Text.where({ status: 'published' }).where(t.views.gt(50)))).to.deep.equal(['Tea', 'Juice'])
    expect(await titles(Text.not(t.views.gt(50)).where({ status: 'published' }))).to.deep.equal(['Coffee'])
    expect(await titles(Text.where({ views: { lt: t.likes } }))).to.deep.equal(['Coffee'])
    expect(await titles(Text.where({ views: t.likes }))).to.deep.equal(['milk'])
    expect(await titles(Text.where(t.id.eq(1)).or(Text.where({ id: 4 })))).to.deep.equal(['Tea', 'Juice'])
    expect(await titles(Text.loud().where({ writer_id: 1 }))).to.deep.equal(['Tea'])
    expect(await titles(Text.where({ writer_id: 1 }).loud())).to.deep.equal(['Tea'])
  })

  it('is a condition on its column, as one of a hash', async () => {
    const t = texts()
    expect(new Text(Text.where(t.title.eq('Soda')).build().attributes).readAttribute('title')).to.equal('Soda')
    expect(await Text.where(t.views.gt(50)).unscope({ where: 'views' }).count()).to.equal(4)
    expect(await titles(Text.where(t.views.gt(50)).rewhere({ views: 10 }))).to.deep.equal(['Coffee'])
  })

  it('sorts, the other way round, and with nulls where they are wanted', async () => {
    const t = texts()
    const sorted = (relation: ReturnType<typeof Text.all>) => relation.pluck('title')
    expect(await sorted(Text.order(t.views.desc()))).to.deep.equal(['Juice', 'Tea', 'Coffee', 'milk'])
    expect(await sorted(Text.order(t.views))).to.deep.equal(['milk', 'Coffee', 'Tea', 'Juice'])
    expect(await sorted(Text.order(t.views.asc()).reverseOrder())).to.deep.equal(['Juice', 'Tea', 'Coffee', 'milk'])
    expect(await sorted(Text.order(t.published_at.desc().nullsLast()))).to.deep.equal(['Coffee', 'Tea', 'Juice', 'milk'])
    expect(await sorted(Text.order(t.published_at.asc().nullsFirst()))).to.deep.equal(['milk', 'Juice', 'Tea', 'Coffee'])
    expect(await sorted(Text.order(t.published_at.asc().nullsFirst()).reverseOrder())).to.deep.equal(['Coffee', 'Tea', 'Juice', 'milk'])
    expect(await sorted(Text.order(t.title.lower().asc()))).to.deep.equal(['Coffee', 'Juice', 'milk', 'Tea'])
    expect(await sorted(Text.order(sql('length(title)').desc(), 'id'))).to.deep.equal(['Coffee', 'Juice', 'milk', 'Tea'])
    expect((await Text.order(t.views.desc()).last())?.readAttribute('title')).to.equal('milk')
  })

  it('selects, and reads what it selected as the column is read', async () => {
    const t = texts()
    const [first] = await Text.select(t.id, t.views.multiply(2).as('twice'), t.price.as('cost')).order('id')
    expect([first?.readAttribute('id'), first?.readAttribute('twice'), String(first?.readAttribute('cost'))]).to.deep.equal([1, 240, '1.5'])
    const [counted] = await Text.select(t.id.count().as('n'), t.published_at.maximum().as('last'))
    expect(counted?.readAttribute('n')).to.equal(4)
    expect(counted?.readAttribute('last')).to.deep.equal(new Date('2026-02-03T00:00:00.000Z'))
    expect(await Text.order('id').pluck(t.title.upper(), t.status)).to.deep.equal([
      ['TEA', 'published'],
      ['COFFEE', 'published'],
      ['MILK', 'draft'],
      ['JUICE', 'published'],
    ])
    expect(await Text.pick(t.views.sum(), t.views.average(), t.views.minimum())).to.deep.equal([430, 107.5, 0])
    expect((await Text.select(Arel.star(Text.arelTable), sql('1').as('one')).order('id'))[0]?.readAttribute('title')).to.equal('Tea')
  })

  it('groups, and asks groups for conditions', async () => {
    const t = texts()
    const most = Text.group(t.writer_id).having(t.id.count().gt(1))
    expect([...(await most.count())]).to.deep.equal([[1, 2]])
    expect([...(await Text.group(t.status).sum(t.views.add(t.likes)))].sort()).to.deep.equal([
      ['draft', 0],
      ['published', 458],
    ])
    expect(await Text.count(t.writer_id)).to.equal(3)
  })

  it('joins tables on any condition, and one twice under another name', async () => {
    const [t, w] = [texts(), writers()]
    const joined = Text.joins(Arel.join(w).on(w.id.eq(t.writer_id).and(w.name.eq('Ann'))))
    expect(await titles(joined)).to.deep.equal(['Tea', 'Coffee'])
    expect(await titles(joined.where({ writers: { name: 'Bob' } } as never))).to.deep.equal([])
    const other = Arel.alias(t, 'other')
    const more = Arel.outerJoin(other).on(other.views.gt(t.views))
    expect(await titles(Text.joins(more).where(other.id.eq(null)))).to.deep.equal(['Juice'])
    expect(await titles(Text.joins('writer').where(w.name.eq('Bob')))).to.deep.equal(['Juice'])
    expect(await Writer.joins('texts').merge(Text.loud()).order('id').pluck('name')).to.deep.equal(['Ann', 'Bob'])
  })

  it('asks other tables whether they have a row, and compares with what queries find', async () => {
    const [t, w] = [texts(), writers()]
    const loud = Text.where(t.writer_id.eq(w.id)).where(t.views.gt(200))
    expect(await Writer.where(Arel.exists(loud)).pluck('name')).to.deep.equal(['Bob'])
    expect(await Writer.where(Arel.exists(loud).not()).pluck('name')).to.deep.equal(['Ann'])
    expect(await titles(Text.where(t.writer_id.in(Writer.where({ name: 'Bob' }))))).to.deep.equal(['Juice'])
    const either = Arel.union(Text.where({ id: 1 }), Text.where({ id: 4 }))
    expect(await titles(Text.where(t.id.in(either)))).to.deep.equal(['Tea', 'Juice'])
    expect(await titles(Text.where(t.views.eq(Text.select(t.views.maximum()))))).to.deep.equal(['Juice'])
  })

  it('writes rows', async () => {
    const t = texts()
    await Text.where(t.id.eq(2)).updateAll({ likes: t.likes.add(1) })
    expect(await Text.where({ id: 2 }).pick('likes')).to.equal(21)
    await Text.where(t.id.eq(2)).updateAll({ likes: 20 })
  })

  it('remembers a statement for all values, and none for another shape', async () => {
    const t = texts()
    const query = (views: number) => Text.where(t.views.gt(views)).toQuery() as { sql: string; args: unknown[] }
    expect(query(1).sql).to.equal(query(2).sql)
    expect(query(1).args).to.deep.equal([1])
    expect(await titles(Text.where(sql('? and ?', t.id.gt(1), t.id.lt(3))))).to.deep.equal(['Coffee'])
    expect(await titles(Text.where(sql('? and ?', t.id.lt(3), t.id.gt(1))))).to.deep.equal(['Coffee'])
    expect(await titles(Text.where(sql('? > ?', t.views, 100)))).to.deep.equal(['Tea', 'Juice'])
    expect(await titles(Text.where(sql('? > ?', 100, t.views)))).to.deep.equal(['Coffee', 'milk'])
    const named = (label: SqlFragment) =>
      Text.where({ id: [1, 3] })
        .order('id')
        .pluck(label)
    const isLoud = Arel.case().when(t.views.gt(100), 'loud')
    expect(await named(isLoud.else(t.title as never))).to.deep.equal(['loud', 'milk'])
    expect(
      await named(
        Arel.case()
          .when(t.views.gt(100), t.title as never)
          .else('loud'),
      ),
    ).to.deep.equal(['Tea', 'loud'])
  })

  describe('what comes from outside', () => {
    it('is a value, whatever it holds', async () => {
      const t = texts()
      for (const sent of ["' or '1'='1", '?', ':name', '"; drop table texts; --', '%\\'])
        for (const condition of [t.title.eq(sent), t.title.lower().eq(sent), t.title.in([sent, sent]), t.title.concat(sent).eq(sent)])
          expect(await titles(Text.where(condition))).to.deep.equal([])
    })

    it('is no operator', async () => {
      const t = texts()
      const sent = fromOutside({ not: '' }) as never
      const asked = async (ask: () => Promise<unknown>) => ask()
      await rejection(
        asked(() => Text.where(t.title.eq(sent)).count()),
        InvalidArgument,
      )
      await rejection(
        asked(() => Text.where(t.title.notEq(sent)).count()),
        InvalidArgument,
      )
      await rejection(
        asked(() => Text.where(t.title.in([sent])).count()),
        InvalidArgument,
      )
      await rejection(
        asked(() => Text.where(t.title.lower().eq(sent)).count()),
        InvalidArgument,
      )
    })

    it('names columns of the schema alone', () => {
      const sorted = (name: string) => Text.order((texts() as unknown as Record<string, Table['id']>)[name]!.asc())
      expect(() => sorted('titel')).to.throw(UnknownColumn, 'title')
      expect(() => sorted('id; drop table texts')).to.throw(UnknownColumn)
      expect(() => sorted('__proto__')).to.throw(UnknownColumn)
    })

    it('names no function, no other table and no part of a time', () => {
      const t = texts()
      expect(() => Arel.namedFunction('lower(title) or length', [])).to.throw(InvalidArgument)
      expect(() => Arel.alias(t, 'a; drop table texts')).to.throw(InvalidArgument)
      expect(() => Arel.alias({ id: 1 }, 'a')).to.throw(InvalidArgument)
      expect(() => t.published_at.extract('year from x), (')).to.throw(InvalidArgument)
    })

    it('is quoted where it names what is selected', async () => {
      const name = 'a", (select 1) as "b`, 1 as `c'
      const [row] = await Text.where({ id: 1 }).select(texts().id.count().as(name))
      expect(row?.readAttribute(name)).to.equal(1)
    })
  })

  describe('SQL that is put together as text', () => {
    const hostile = ["'", "' or '1'='1", "\\' or 1=1 -- ", '\\', '%', '?', ':title', 'a\\"b`c']

    it('has its values apart as a fragment, and quoted as a part of a text', async () => {
      const some = Text.sanitizeSql(['title = ? and id in (?)', 'Tea', [1, 2]])
      expect(await titles(Text.where(some))).to.deep.equal(['Tea'])
      expect(await titles(Text.where(`${some} or id = 4`))).to.deep.equal(['Tea', 'Juice'])
      expect(await titles(Text.where(sql('not (?)', some)))).to.deep.equal(['Coffee', 'milk', 'Juice'])
      expect(String(Text.sanitizeSql(['title = :title', { title: "x'y" }]))).to.equal("title = 'x''y'")
      expect(Text.sanitizeSql(null)).to.equal(null)
    })

    it('finds what a value says, whatever it holds', async () => {
      for (const title of hostile) {
        const { id } = await Text.createOrThrow({ title })
        const given = Text.sanitizeSql(['title = ?', title])
        const found = [
          Text.where(given),
          Text.where(`${given}`),
          Text.where(`title = ${Text.connection.quote(title)}`),
          Text.where("title = '%s'", title),
        ]
        for (const relation of found) expect(await relation.ids(), title).to.deep.equal([id])
        const text = Text.where({ title }).select('id').toSql()
        expect((await Text.connection.selectValues(sql(text))).map(Number), text).to.deep.equal([id])
        await Text.where({ id }).deleteAll()
      }
    })

    it('is formatted as in Ruby, with its values bound', async () => {
      expect(await titles(Text.where("title like '%%%s%%' and views > %d", 'e', '20'))).to.deep.equal(['Tea', 'Juice'])
      expect(() => Text.where('title = %s', '1 or 1=1')).to.throw(InvalidArgument, 'quotes')
      expect(() => Text.where('views = %d', '1 or 1=1')).to.throw(InvalidArgument, 'no number')
      expect(() => Text.where("title = '%s'", 'a', 'b')).to.throw(InvalidArgument, 'wrong number')
    })

    it('sorts and assigns by what was marked as SQL, or is a column', async () => {
      const near = Text.sanitizeSqlForOrder([sql('abs(views - ?)'), 110])
      expect(await Text.order(near as SqlFragment).pluck('title')).to.deep.equal(['Tea', 'Coffee', 'milk', 'Juice'])
      expect(() => Text.sanitizeSqlForOrder(['abs(views - ?)', 110])).to.throw(InvalidArgument)
      await Text.where({ id: 3 }).updateAll(Text.sanitizeSqlForAssignment({ status: 'published', likes: '2' }))
      expect(await Text.where({ id: 3 }).pick('status', 'likes')).to.deep.equal(['published', 2])
      await Text.where({ id: 3 }).updateAll(Text.sanitizeSqlForAssignment(['status = ?, likes = ?', 0, 0]))
      expect(() => Text.sanitizeSqlForAssignment({ 'likes = 1, views': 2 })).to.throw(UnknownColumn)
    })

    it('is refused where it could not be written safely', () => {
      expect(() => `${sql('title = ?', '\\')}`).to.throw(InvalidArgument, 'backslash')
      expect(() => `${Text.sanitizeSql(['title = ?', 'a\0'])}`).to.throw(InvalidArgument, 'null')
      expect(() => `${Text.sanitizeSql(['id in (?)', Text.all()])}`).to.throw(InvalidArgument, 'relation')
      expect(() => `${texts().status.eq('draft')}`).to.throw(InvalidArgument)
      expect(() => Text.connection.quote({ a: 1 })).to.throw(InvalidArgument)
    })
  })
}
