import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf, RecordNotSaved } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Person {
  id          Int     @id @default(autoincrement())
  name        String
  notes_count Int     @default(0)
  notes       Note[]
  replies     Reply[]
  card        Card?
}
model Note {
  id        Int     @id @default(autoincrement())
  person_id Int?
  label     String?
  person    Person? @relation(fields: [person_id], references: [id])
  replies   Reply[]
}
model Reply {
  id        Int     @id @default(autoincrement())
  note_id   Int?
  person_id Int?
  note      Note?   @relation(fields: [note_id], references: [id])
  person    Person? @relation(fields: [person_id], references: [id])
}
model Card {
  id        Int     @id @default(autoincrement())
  person_id Int?    @unique
  text      String
  person    Person? @relation(fields: [person_id], references: [id])
}
`
interface Notes {
  types: {
    model: {
      Person: { payload: PersonPayload }
      Note: { payload: NotePayload }
      Reply: { payload: ReplyPayload }
      Card: { payload: CardPayload }
    }
  }
  models: { Person: Person; Note: Note; Reply: Reply; Card: Card }
  associations: { Person: { answers: 'Reply'[]; repliers: 'Person'[]; named_notes: 'Note'[] } }
}
interface PersonPayload {
  name: 'Person'
  objects: { notes: NotePayload[]; replies: ReplyPayload[]; card: CardPayload | null }
  scalars: { id: number; name: string; notes_count: number }
}
interface NotePayload {
  name: 'Note'
  objects: { person: PersonPayload | null; replies: ReplyPayload[] }
  scalars: { id: number; person_id: number | null; label: string | null }
}
interface ReplyPayload {
  name: 'Reply'
  objects: { note: NotePayload | null; person: PersonPayload | null }
  scalars: { id: number; note_id: number | null; person_id: number | null }
}
interface CardPayload {
  name: 'Card'
  objects: { person: PersonPayload | null }
  scalars: { id: number; person_id: number | null; text: string }
}
const Model = modelOf<Notes>()

class Person extends Model('Person') {
  static {
    this.hasMany('notes')
    this.hasMany('answers', { through: 'notes', source: 'replies' })
    this.hasMany('repliers', { through: 'answers', source: 'person' })
    this.hasMany('named_notes', { className: 'Note', scope: (notes, person) => notes.where({ label: person.name }) })
    this.hasOne('card', { dependent: 'destroy' })
  }
}
class Note extends Model('Note') {
  static {
    this.belongsTo('person', { optional: true, counterCache: true })
    this.hasMany('replies')
    this.validates('label', { exclusion: { in: ['bad'] } })
  }
}
class Reply extends Model('Reply') {
  static {
    this.belongsTo('note', { optional: true })
    this.belongsTo('person', { optional: true })
  }
}
class Card extends Model('Card') {
  static {
    this.belongsTo('person')
    this.validates('text', { presence: true })
  }
}

describe('what changes the records of an owner', () => {
  let test: TestDatabase
  let ann: Person
  let bob: Person
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Person, Note, Reply, Card], test.database, test.metadata)
  })
  after(() => test.close())
  beforeEach(async () => {
    for (const model of [Reply, Card, Note, Person]) await model.deleteAll()
    ;[ann, bob] = [await Person.createOrThrow({ name: 'ann' }), await Person.createOrThrow({ name: 'bob' })]
    test.database.statements.length = 0
  })
  const labels = async (list: PromiseLike<readonly { label: string | null }[]>) => (await list).map(({ label }) => label)
  const queries = () => test.database.statements.filter((text) => /^select/i.test(text)).length
  const counts = () => Person.order('id').pluck('notes_count')

  describe('collections', () => {
    it('take records without loading those that are there', async () => {
      await ann.notes.push(new Note({ label: 'a' }))
      expect([queries(), ann.notes.isLoaded()]).to.deep.equal([0, false])
    })

    it('save none of several when one is not valid, and keep all as new records', async () => {
      const answer = await ann.notes.push(new Note({ label: 'good' }), new Note({ label: 'bad' }))
      expect([answer, await Note.count()]).to.deep.equal([false, 0])
      expect(await labels(ann.notes)).to.deep.equal(['good', 'bad'])
      const error = await rejection(bob.notes.replace([new Note({ label: 'bad' })]), RecordNotSaved)
      expect(error.message).to.equal('Failed to replace notes because one or more of the new records could not be saved.')
    })

    it('count new records among the first and the last, and as theirs', async () => {
      await ann.notes.create({ label: 'a' })
      const fresh = await Person.find(ann.id)
      const built = fresh.notes.build({ label: 'b' })
      expect([await fresh.notes.include(built), await fresh.notes.include(new Note())]).to.deep.equal([true, false])
      expect([(await fresh.notes.first())?.label, await fresh.notes.last()]).to.deep.equal(['a', built])
    })

    it('keep the order of those that stay, and have the new ones last', async () => {
      const [a, b, c] = await ann.notes.createOrThrow([{ label: 'a' }, { label: 'b' }, { label: 'c' }])
      await ann.notes.replace([c!, new Note({ label: 'd' }), a!])
      expect(await labels(ann.notes)).to.deep.equal(['a', 'c', 'd'])
      expect((await b!.reload()).person_id).to.equal(null)
    })

    it('are emptied as they are told', async () => {
      await ann.notes.createOrThrow([{ label: 'a' }, { label: 'b' }])
      expect([await ann.notes.deleteAll('deleteAll'), await Note.count()]).to.deep.equal([2, 0])
    })

    it('refuse to be changed through rows that are not between the two alone', async () => {
      const note = await ann.notes.createOrThrow({ label: 'a' })
      const reply = await note.replies.createOrThrow({ person: bob })
      await rejection(ann.answers.delete(reply), InvalidArgument)
      await rejection(ann.repliers.push(ann), InvalidArgument)
      await rejection(ann.notes.delete(reply as never), InvalidArgument)
      expect([await Note.count(), await Reply.count()]).to.deep.equal([1, 1])
    })

    it('are narrowed by what a scope asks of the owner, which cannot be joined', async () => {
      await ann.notes.createOrThrow([{ label: 'ann' }, { label: 'bob' }])
      await bob.notes.createOrThrow([{ label: 'bob' }])
      expect(await labels(ann.named_notes)).to.deep.equal(['ann'])
      const people = await Person.order('id').preload('named_notes')
      expect(people.map((person) => person.named_notes.map(({ label }) => label))).to.deep.equal([['ann'], ['bob']])
      expect(() => Person.joins('named_notes')).to.throw(InvalidArgument, 'asks for its owner')
    })
  })

  describe('counters', () => {
    it('answer for the size of a collection, so that nothing is asked', async () => {
      await ann.notes.createOrThrow([{ label: 'a' }, { label: 'b' }])
      const [full, empty] = [await Person.find(ann.id), await Person.find(bob.id)]
      test.database.statements.length = 0
      expect([await full.notes.size(), await full.notes.isEmpty(), await empty.notes.size(), await empty.notes.isAny()]).to.deep.equal([
        2,
        false,
        0,
        false,
      ])
      expect([await empty.notes, queries()]).to.deep.equal([[], 0])
    })

    it('move with a record, in memory too', async () => {
      const note = await ann.notes.createOrThrow({ label: 'a' })
      await note.updateOrThrow({ person: bob })
      expect([bob.notes_count, await counts()]).to.deep.equal([1, [0, 1]])
      await ann.reload()
      await ann.notes.push(note)
      expect([ann.notes_count, await counts()]).to.deep.equal([1, [1, 0]])
    })

    it('leave out a row that somebody else destroyed', async () => {
      const note = await ann.notes.createOrThrow({ label: 'a' })
      const same = await Note.find(note.id)
      await note.destroyOrThrow()
      await same.destroyOrThrow()
      expect(await counts()).to.deep.equal([0, 0])
    })
  })

  describe('associations to one', () => {
    it('keep what was there when the new one can not be saved', async () => {
      await ann.createCardOrThrow({ text: 'old' })
      Reflect.set(ann, 'card', new Card({ text: '' }))
      expect((await rejection(ann.save(), RecordNotSaved)).message).to.equal('Failed to save the new associated card.')
      expect(await Card.pluck('text')).to.deep.equal(['old'])
    })

    it('make none for a new owner', async () => {
      const error = await rejection(new Person({ name: 'new' }).createCard({ text: 'x' }), RecordNotSaved)
      expect(error.message).to.equal('You cannot call create unless the parent is saved')
    })

    it('are read anew, and forgotten', async () => {
      await ann.createCardOrThrow({ text: 'old' })
      await Card.updateAll({ text: 'new' })
      expect((await ann.card)?.text).to.equal('old')
      expect((await ann.reloadCard())?.text).to.equal('new')
      await Card.updateAll({ text: 'newer' })
      ann.resetCard()
      expect((await ann.card)?.text).to.equal('newer')
    })

    it('say whether a record belongs to another than before', async () => {
      const note = await Note.createOrThrow({ person: ann })
      expect([note.personChanged(), note.personPreviouslyChanged()]).to.deep.equal([false, true])
      Reflect.set(note, 'person', bob)
      expect(note.personChanged()).to.equal(true)
      await note.saveOrThrow()
      expect([note.personChanged(), note.personPreviouslyChanged()]).to.deep.equal([false, true])
    })

    it('lead to nobody when the key is taken away', async () => {
      const note = await Note.createOrThrow({ person: ann })
      note.person_id = null
      expect(await note.person).to.equal(null)
      note.person_id = bob.id
      expect((await note.person)?.name).to.equal('bob')
    })
  })
})
