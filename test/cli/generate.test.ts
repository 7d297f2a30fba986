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
    expect((await regaugeHere(['db:push', '--root', root])).status).to.equal(0)
  })

  it('writes no model over another, and none with what is no column', async () => {
    const before = read('db/schema.prisma')
    expect((await generate('model', 'Order')).stderr).to.include('exists already')
    expect((await generate('model', 'Refund', 'so-so:string')).stderr).to.include("'so-so:string' is no column.")
    expect((await generate('model', 'Refund', 'nobody:references')).stderr).to.include("'Nobody' is no model of db/schema.prisma")
    expect(read('db/schema.prisma')).to.equal(before)
  })

  it('writes a migration to be completed by hand', async () => {
    const { stdout } = await generate('migration', 'FillInSlugs')
    expect(stdout).to.match(/^wrote +db\/migrations\/\d{14}_fill_in_slugs\n/)
    const [folder] = readdirSync(join(root, 'db/migrations')).filter((name) => name.endsWith('_fill_in_slugs'))
    expect(readdirSync(join(root, 'db/migrations', folder!)).sort()).to.deep.equal(['down.sql', 'migration.sql'])
  })
})
