import { expect } from 'chai'
import { InvalidArgument, modelOf } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, onMysql, onPostgres } from '../test_database.ts'

const schema = (text: string) => `
model Label {
  id     Int     @id @default(autoincrement())
  name   String ${text}
  lang   String ${text}
  amount Int     @default(0)
  @@unique([name, lang], map: "by_name_and_lang")
}
`
class Label extends modelOf<{}>()('Label') {}
const row = (name: string, amount: number) => ({ name, lang: 'en', amount })
const all = () => Label.order('id').pluck('name', 'amount')

describe('rows that are inserted at once on PostgreSQL', () => {
  const test = boundDatabase([Label], () => onPostgres(schema('')))
  beforeEach(() => Label.deleteAll())

  it('know a unique index by its name', async () => {
    await Label.upsertAll([row('a', 1)], { uniqueBy: 'by_name_and_lang' })
    await Label.upsertAll([row('a', 2)], { uniqueBy: 'by_name_and_lang' })
    await Label.upsertAll([row('a', 3)], { uniqueBy: ['lang', 'name'] })
    expect(await all()).to.deep.equal([['a', 3]])
    await rejection(Label.upsertAll([row('a', 1)], { uniqueBy: 'by_name' }), InvalidArgument)
  })

  it('know one of expressions and of a part of the rows', async () => {
    await test().database.execute('create unique index lower_name on "Label" (lower(name), (amount / 10)) where lang <> \'de\'', [])
    await Label.upsertAll([row('a', 11)], { uniqueBy: 'lower_name' })
    await Label.upsertAll([row('A', 12)], { uniqueBy: 'lower_name' })
    await Label.insertAll([row('A', 13)], { uniqueBy: 'lower_name' })
    expect(await all()).to.deep.equal([['A', 12]])
  })
})

describe('rows that are inserted at once on MySQL', () => {
  boundDatabase([Label], () => onMysql(schema('@db.VarChar(40)')))

  it('know a unique index by its name, and whether there is one', async () => {
    await Label.upsertAll([row('a', 1)], { uniqueBy: 'by_name_and_lang' })
    await Label.upsertAll([row('a', 2)], { uniqueBy: 'by_name_and_lang' })
    expect(await all()).to.deep.equal([['a', 2]])
    await rejection(Label.upsertAll([row('a', 1)], { uniqueBy: 'by_name' }), InvalidArgument)
  })
})
