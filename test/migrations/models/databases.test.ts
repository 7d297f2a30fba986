import { expect } from 'chai'
import { portModels } from '../../../migrations/index.ts'
import { parses } from '../../../migrations/typescript/index.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb('create_table "dogs" do |t|\nt.string "name", null: false\nend')
const dog = 'class Dog < AnimalsRecord\n  def a = AnimalsRecord.connected_to(role: :reading) { Dog.count }\nend\n'

async function ported(files: Record<string, string>) {
  const { files: written, rows } = await portModels(folderOf({ 'db/schema.rb': schema, ...files }))
  for (const { path, text } of written) expect(parses(text), `${path}\n${text}`).to.equal(true)
  return { text: (name: string) => written.find(({ path }) => path === `app/models/${name}.ts`)?.text ?? '', rows }
}

describe('porting models of several databases', () => {
  afterEach(removeFolders)

  it('makes a class of an abstract one that names its databases, and models below it', async () => {
    const animals =
      'class AnimalsRecord < ApplicationRecord\n  self.abstract_class = true\n  connects_to database: { writing: :animals, reading: :animals_replica }\nend\n'
    const { text, rows } = await ported({ 'app/models/animals_record.rb': animals, 'app/models/dog.rb': dog })
    expect(text('animals_record'))
      .to.include('export class AnimalsRecord extends AbstractModel {')
      .and.include("this.connectsTo({ database: { writing: 'animals', reading: 'animals_replica' } })")
    expect(text('dog'))
      .to.include("export class Dog extends modelOf(AnimalsRecord)('Dog') {")
      .and.include(
        "return AnimalsRecord.connectedTo({ role: 'reading' }, async () => await Dog.count())".replace(
          'async () => await ',
          'async () => ',
        ),
      )
    expect(rows.find(({ construct }) => construct.startsWith('connects_to'))).to.include({
      status: 'note',
      reason: 'config.database.others has to name its databases',
    })
  })

  it('asks for no names of databases where there is only the primary', async () => {
    const base =
      'class ApplicationRecord < ActiveRecord::Base\n  primary_abstract_class\n  connects_to database: { writing: :primary, reading: :primary }\nend\n'
    const { rows } = await ported({ 'app/models/application_record.rb': base })
    expect(rows.find(({ construct }) => construct.startsWith('connects_to'))).to.include({ status: 'ported' })
  })

  it('names shards, and a database alone', async () => {
    const shards =
      'class AnimalsRecord < ApplicationRecord\n  self.abstract_class = true\n  connects_to shards: { default: { writing: :one }, second: { writing: :two } }\nend\n'
    expect((await ported({ 'app/models/animals_record.rb': shards })).text('animals_record')).to.include(
      "this.connectsTo({ shards: { default: { writing: 'one' }, second: { writing: 'two' } } })",
    )
    const one = 'class Dog < ApplicationRecord\n  establish_connection :animals\nend\n'
    expect((await ported({ 'app/models/dog.rb': one })).text('dog')).to.include("this.connectsTo({ database: { writing: 'animals' } })")
  })

  it('leaves a database that is computed', async () => {
    const { text, rows } = await ported({
      'app/models/dog.rb': 'class Dog < ApplicationRecord\n  establish_connection ENV["DATABASE"]\nend\n',
    })
    expect(text('dog')).to.include('// PORT: establish_connection ENV["DATABASE"]')
    expect(rows.at(-1)).to.include({ status: 'left', reason: 'a database that is computed' })
  })

  it('asks all databases where the class is the application’s own base, or Active Record', async () => {
    const record =
      'class ApplicationRecord < ActiveRecord::Base\n  primary_abstract_class\n  connects_to database: { writing: :primary, reading: :replica }\nend\n'
    const body =
      'class Dog < ApplicationRecord\n  def a = ApplicationRecord.connected_to(role: :reading, prevent_writes: true) { Dog.count }\n  def b = ActiveRecord::Base.while_preventing_writes { 1 }\n  def c\n    save!\n  rescue ActiveRecord::ReadOnlyError\n    2\n  end\nend\n'
    const { text } = await ported({ 'app/models/application_record.rb': record, 'app/models/dog.rb': body })
    expect(text('application_record')).to.include("this.connectsTo({ database: { writing: 'primary', reading: 'replica' } })")
    expect(text('dog'))
      .to.include("return connectedTo({ role: 'reading', preventWrites: true }, async () => Dog.count())")
      .and.include('return whilePreventingWrites(() => 1)')
      .and.include('instanceof WriteRefused')
  })
})
