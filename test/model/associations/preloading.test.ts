import { expect } from 'chai'
import { modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Room {
  id       BigInt    @id
  name     String
  messages Message[]
}
model Message {
  id      Int    @id @default(autoincrement())
  body    String
  room_id BigInt
  room    Room   @relation(fields: [room_id], references: [id])
}
`
const modelFor = modelOf<{}>()

interface Texts extends Iterable<Message> {
  build(attributes: object): Message
  readonly length: number
  map<R>(work: (message: Message) => R): R[]
}

class Room extends modelFor('Room') {
  declare name: string
  declare messages: Texts
  declare sorted: Texts
  static {
    this.hasMany('messages')
    this.hasMany('sorted', { className: 'Message', foreignKey: 'room_id', scope: (all) => all.order('body') })
  }
}

class Message extends modelFor('Message') {
  declare body: string
  declare room: Room
  static {
    this.belongsTo('room')
  }
}

/** Keys as services that many machines write to make them: next to each other, and too large for numbers. */
const first = 9_007_199_254_740_992n
const second = 9_007_199_254_740_993n

describe('records that are loaded for many owners at once', () => {
  boundDatabase([Room, Message], () => testDatabase(schema))

  before(async () => {
    await Room.createOrThrow({ id: first, name: 'a' })
    await Room.createOrThrow({ id: second, name: 'b' })
    for (const body of ['1', '3']) await Message.createOrThrow({ body, room_id: first })
    for (const body of ['2', '4']) await Message.createOrThrow({ body, room_id: second })
  })

  const bodies = (messages: Texts): string[] => messages.map((message) => message.body)

  it('go to their own, though numbers can’t tell the keys apart', async () => {
    const rooms = (await Room.includes('messages').order('name')) as Room[]
    expect(rooms.map((room) => bodies(room.messages))).to.deep.equal([
      ['1', '3'],
      ['2', '4'],
    ])
    const messages = (await Message.includes('room').order('body')) as Message[]
    expect(messages.map((message) => message.room.name)).to.deep.equal(['a', 'b', 'a', 'b'])
  })

  it('go to their own in the order of the scope', async () => {
    const rooms = (await Room.includes('sorted').order('name')) as Room[]
    expect(rooms.map((room) => bodies(room.sorted))).to.deep.equal([
      ['1', '3'],
      ['2', '4'],
    ])
  })

  it('know their owner, and each has what was given to it alone', async () => {
    const [room] = (await Room.includes('messages').order('name')) as [Room]
    const [one, other] = [...room.messages] as [Message, Message]
    expect([one.room, other.room]).to.deep.equal([room, room])
    const moved = (await Room.findBy({ name: 'b' })) as Room
    one.room = moved
    expect(one.room).to.equal(moved)
    expect(other.room).to.equal(room)
  })

  it('are in a list of its own for each of two owners that are the same row', async () => {
    const twice = (await Room.joins('messages').where({ name: 'a' }).includes('messages')) as Room[]
    expect(twice).to.have.length(2)
    twice[0]!.messages.build({ body: 'new' })
    expect(twice.map((room) => room.messages.length)).to.deep.equal([3, 2])
  })
})
