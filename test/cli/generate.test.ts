import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge generate', () => {
  let root: string
  beforeEach(() => {
    root = ordersWith()
  })
  afterEach(removeFolders)
  const generate = (...words: string[]) => regaugeHere(['generate', ...words, '--root', root])
  const read = (file: string) => readFileSync(join(root, file), 'utf8')

  it('writes a model with its table, its indexes and both ends of its relations', async () => {
    const { status, stdout } = await generate('model', 'Refund', 'reason:string{80}:uniq', 'share:decimal{8,2}', 'order:references')
    expect(status).to.equal(0)
    expect(stdout).to.include('wrote    app/models/refund.ts').and.include('regauge db:migrate --name create_refunds')
    expect(read('db/schema.prisma')).to.match(/model Refund \{\n {2}id +Int +@id @default\(autoincrement\(\)\)\n/)
    expect(read('db/schema.prisma')).to.match(/reason +String\? +@unique\(map: "index_refunds_on_reason"\)/)
    expect(read('db/schema.prisma'))
      .to.match(/order Order @relation\(fields: \[order_id\]/)
      .and.match(/model Order \{[^}]*refunds Refund\[\]/)
    expect(read('app/models/refund.ts')).to.include("export class Refund extends Model('Refund') {").and.include("this.belongsTo('order')")
    expect((await regaugeHere(['db:push', '--root', root])).stderr).to.equal('')
  })

  it('takes what the generators of Rails take: required columns, passwords, tokens, polymorphic and unique references', async () => {
    await generate(
      'model',
      'APIKey',
      'name:string!{40}',
      'password:digest',
      'token:token',
      'owner:references{polymorphic}',
      'order:references:uniq',
    )
    const [model] = /^model APIKey \{[^}]*/m.exec(read('db/schema.prisma'))!
    expect(model)
      .to.match(/name +String\n/)
      .and.match(/password_digest +String\?\n/)
      .and.match(/token +String\? +@unique/)
    expect(model)
      .to.match(/owner_id +Int\n/)
      .and.match(/owner_type +String\n/)
      .and.include('@@index([owner_type, owner_id]')
    expect(model)
      .to.match(/order_id +Int +@unique/)
      .and.include('@@map("api_keys")')
    expect(read('app/models/api_key.ts'))
      .to.include('this.hasSecurePassword()')
      .and.include('this.hasSecureToken()')
      .and.include("this.belongsTo('owner', { polymorphic: true })")
    expect((await regaugeHere(['db:push', '--root', root])).stderr).to.equal('')
  })

  it('calls a model by the singular', async () => {
    const { stdout } = await generate('model', 'data', 'value:json')
    expect(stdout).to.include('Data is a plural: the model is called Datum.').and.include('app/models/datum.ts')
    expect(read('db/schema.prisma')).to.match(/^model Datum \{[^}]*@@map\("data"\)/m)
  })

  it('writes no model over another, and none with what is no column', async () => {
    const before = read('db/schema.prisma')
    const refused: [words: string[], message: string][] = [
      [['Order'], 'There is Order in db/schema.prisma already.'],
      [['Refund', 'so-so:string'], "'so-so:string' is no column."],
      [['Refund', 'nobody:references'], "'Nobody' is no model of db/schema.prisma"],
      [['Refund', 'reason:strng'], "'reason:strng' has the unknown type strng where string may be meant."],
      [['Refund', 'reason:string:unique'], 'has the unknown index unique'],
      [['Refund', 'price:decimal{many}'], 'has many in its braces, where a size is expected.'],
      [['Refund', 'price:decimal8', 'price:decimal2'], 'has the unknown type decimal8'],
      [['Refund', 'reason', 'reason:text'], "'reason:text' makes reason a second time"],
      [['Refund', 'id:string'], 'makes id a second time'],
      [['Refund', 'order:references', 'order_id:integer'], 'makes order_id a second time'],
      [['String'], "'String' means something else already."],
      [['re-fund'], "'re-fund' is no name for a model."],
    ]
    for (const [words, message] of refused) {
      const { status, stderr } = await generate('model', ...words)
      expect({ words, status }).to.deep.equal({ words, status: 1 })
      expect(stderr).to.include(message)
    }
    expect(read('db/schema.prisma')).to.equal(before)
  })

  it('says that there is no schema to add to', async () => {
    const { status, stderr } = await regaugeHere(['generate', 'model', 'Refund', '--root', join(root, 'app')])
    expect(status).to.equal(1)
    expect(stderr).to.include('app/db/schema.prisma').and.include('port it with')
  })

  it('writes a migration to be completed by hand', async () => {
    const { stdout } = await generate('migration', 'FillInSlugs')
    expect(stdout).to.match(/^wrote +db\/migrations\/\d{14}_fill_in_slugs\n/)
    const [folder] = readdirSync(join(root, 'db/migrations')).filter((name) => name.endsWith('_fill_in_slugs'))
    expect(readdirSync(join(root, 'db/migrations', folder!)).sort()).to.deep.equal(['down.sql', 'migration.sql'])
  })
})
