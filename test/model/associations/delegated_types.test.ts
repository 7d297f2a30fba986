import { expect } from 'chai'
import { InvalidArgument, modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Entry {
  id Int @id @default(autoincrement())
  entryable_type String?
  entryable_id Int?
  kind String?
  ref String?
}
model Message {
  id Int @id @default(autoincrement())
  uuid String?
  subject String?
  updated_at DateTime?
}
model AccessNotice {
  id Int @id @default(autoincrement())
  text String?
}
`
const Model = modelOf<{}>()

class Message extends Model('Message') {
  declare id: number
  declare subject: string | null
  declare updated_at: Date
  static {
    this.validates('subject', { exclusion: ['bad'] })
  }
}
class AccessNotice extends Model('AccessNotice') {
  declare id: number
  static override get polymorphicName() {
    return 'Access::Notice'
  }
}
type Entryable = Message | AccessNotice | null
class Entry extends Model('Entry') {
  declare entryable_type: string | null
  declare entryable: PromiseLike<Entryable> | Entryable
  declare readonly message: PromiseLike<Message | null> | Message | null
  declare readonly messageId: number | null
  declare readonly accessNotice: PromiseLike<AccessNotice | null> | AccessNotice | null
  declare readonly accessNoticeId: number | null
  declare readonly isMessage: () => boolean
  declare readonly isAccessNotice: () => boolean
  declare readonly entryableName: () => string
  declare readonly entryableClass: () => Function
  declare readonly buildEntryable: (attributes?: object) => Message | AccessNotice
  declare static entryableTypes: () => string[]
  declare static accessNotices: () => { ids(): Promise<number[]> }
  static {
    this.delegatedType('entryable', { types: ['Message', 'Access::Notice'], optional: true, touch: true, validate: true })
  }
}
class Referring extends Model('Entry') {
  declare thing: PromiseLike<Message | null> | Message | null
  declare readonly messageUuid: string | null
  declare static messages: () => { toSql(): string }
  static {
    this.delegatedType('thing', { types: ['Message'], foreignKey: 'ref', foreignType: 'kind', primaryKey: 'uuid', optional: true })
  }
}

describe('delegated types', () => {
  boundDatabase([Message, AccessNotice, Entry, Referring], () => testDatabase(schema))
  beforeEach(async () => {
    for (const model of [Entry, Message, AccessNotice]) await model.deleteAll()
  })

  it('are built of the class that the type names, and saved with the record', async () => {
    const entry = new Entry({ entryable_type: 'Message' })
    const message = entry.buildEntryable({ subject: 'hi' }) as Message
    expect([message.constructor, message.subject, entry.entryable]).to.deep.equal([Message, 'hi', message])
    await entry.saveOrThrow()
    expect([entry.messageId, entry.accessNoticeId, entry.entryableName(), entry.entryableClass()]).to.deep.equal([
      message.id,
      null,
      'message',
      Message,
    ])
    expect(Entry.entryableTypes()).to.deep.equal(['Message', 'Access::Notice'])
    expect('createEntryable' in entry).to.equal(false)
  })

  it('have no name and no class without a type', () => {
    const entry = new Entry()
    for (const ask of [() => entry.entryableName(), () => entry.entryableClass(), () => entry.buildEntryable()])
      expect(ask).to.throw(InvalidArgument, "entryable_type of this Entry is empty, so that 'entryable' has no class.")
  })

  it('may be in a namespace, as Rails wrote their names', async () => {
    const entry = await Entry.createOrThrow({ entryable: new AccessNotice({ text: 'n' }) })
    const found = await Entry.find(entry['id'] as number)
    const notice = (await found.accessNotice)!
    expect([found.entryable_type, found.entryableName(), found.entryableClass()]).to.deep.equal([
      'Access::Notice',
      'access_notice',
      AccessNotice,
    ])
    expect([notice.constructor, found.accessNoticeId, found.isAccessNotice(), found.isMessage(), found.message]).to.deep.equal([
      AccessNotice,
      notice.id,
      true,
      false,
      null,
    ])
    await Entry.createOrThrow({})
    expect(await Entry.accessNotices().ids()).to.deep.equal([entry['id']])
  })

  it('take the options of a belongsTo', async () => {
    const message = await Message.createOrThrow({ uuid: 'u1' })
    const record = await Referring.createOrThrow({ thing: message })
    const row = await Referring.find(record['id'] as number)
    expect([row['kind'], row['ref'], row.messageUuid, (await row.thing)?.id]).to.deep.equal(['Message', 'u1', 'u1', message.id])
    expect(Referring.messages().toSql()).to.contain("kind\" = 'Message'")
    await message.updateColumns({ updated_at: new Date(0) })
    const entry = await Entry.createOrThrow({ entryable: message })
    expect((await message.reload()).updated_at.getTime()).to.be.greaterThan(0)
    entry.entryable = new Message({ subject: 'bad' })
    expect([await entry.save(), entry.errors.fullMessages]).to.deep.equal([false, ['Entryable is invalid']])
  })
})
