import { expect } from 'chai'
import { InvalidArgument, modelOf, UnknownAssociation } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Forum {
  id Int @id @default(autoincrement())
  updated_at DateTime?
  topics Topic[]
}
model Topic {
  id Int @id @default(autoincrement())
  forum_id Int?
  views Int @default(0)
  replies_count Int @default(0)
  seen_at DateTime?
  updated_at DateTime?
  updated_on DateTime?
  forum Forum? @relation(fields: [forum_id], references: [id])
  replies Reply[]
}
model Reply {
  id Int @id @default(autoincrement())
  topic_id Int?
  topic Topic? @relation(fields: [topic_id], references: [id])
}
`
const Model = modelOf<{}>()
const long = new Date(0)
const then = new Date('2020-02-03T04:05:06Z')
const told: string[] = []

class Forum extends Model('Forum') {
  declare id: number
  declare updated_at: Date
  static {
    this.hasMany('topics')
  }
}
class Topic extends Model('Topic') {
  declare id: number
  declare views: number
  declare replies_count: number
  declare seen_at: Date | null
  declare updated_at: Date
  declare updated_on: Date
  static {
    this.belongsTo('forum', { optional: true, touch: true })
    this.hasMany('replies')
    this.afterTouch(() => told.push('touch'))
    this.afterSave(() => told.push('save'))
    this.afterCommit(() => told.push('commit'))
  }
}
class Reply extends Model('Reply') {
  static {
    this.belongsTo('topic', { optional: true, counterCache: true })
  }
}

describe('counters', () => {
  boundDatabase([Forum, Topic, Reply], () => testDatabase(schema))

  const made = async (attributes: object = {}): Promise<Topic> => {
    const topic = await Topic.createOrThrow(attributes)
    await topic.updateColumns({ updated_at: long, updated_on: long })
    told.length = 0
    return topic
  }
  const times = async (topic: Topic): Promise<boolean[]> => {
    const row = await Topic.find(topic.id)
    return [row.updated_at, row.updated_on].map((time) => time.getTime() > 0)
  }

  it('run the touch callbacks, and touch owners, when they are incremented with the time', async () => {
    const forum = await Forum.createOrThrow({})
    const topic = await made({ forum })
    await forum.updateColumns({ updated_at: long })
    await topic.incrementOrThrow('views', { by: 2, touch: true })
    expect([told, topic.views, topic.isChanged()]).to.deep.equal([['touch'], 2, false])
    expect([await times(topic), (await forum.reload()).updated_at.getTime() > 0]).to.deep.equal([[true, true], true])
    await topic.decrementOrThrow('views', { touch: { time: then } })
    expect([(await topic.reload()).views, topic.updated_at, told]).to.deep.equal([1, then, ['touch', 'touch']])
    await topic.incrementOrThrow('views')
    expect([topic.views, told.length]).to.deep.equal([2, 2])
  })

  it('take along what was assigned before', async () => {
    const topic = await made()
    topic.views = 5
    await topic.incrementOrThrow('views')
    expect([topic.views, topic.changes, (await topic.reload()).views]).to.deep.equal([6, {}, 6])
  })

  it('are added to with the time beside them', async () => {
    const topic = await made()
    expect(await Topic.updateCounters(topic.id, { views: 3, replies_count: -1, touch: true })).to.equal(1)
    expect([(await topic.reload()).views, topic.replies_count, await times(topic)]).to.deep.equal([3, -1, [true, true]])
    await Topic.updateCounters([topic.id], { views: 1, touch: ['seen_at', { time: then }] })
    expect([(await topic.reload()).seen_at, topic.updated_at, topic.updated_on]).to.deep.equal([then, then, then])
    expect(await Topic.updateCounters(topic.id, { touch: true })).to.equal(1)
    expect(await Topic.incrementCounter('views', topic.id, { by: 2, touch: { time: long } })).to.equal(1)
    expect([(await topic.reload()).views, topic.updated_at]).to.deep.equal([6, long])
    await rejection(Topic.updateCounters(topic.id, {}), InvalidArgument)
    await rejection(Topic.where({ id: topic.id }).updateCounters({ touch: false }), InvalidArgument)
  })

  it('are counted anew by the name of the association or the column', async () => {
    const topic = await made()
    await Reply.createOrThrow({ topic })
    await topic.updateColumns({ replies_count: 9 })
    expect(await Topic.resetCounters(topic.id, 'replies')).to.equal(true)
    expect([(await topic.reload()).replies_count, topic.updated_at]).to.deep.equal([1, long])
    expect(await Topic.resetCounters(topic.id, 'replies_count', { touch: true })).to.equal(true)
    expect([await times(topic), told]).to.deep.equal([[true, true], []])
    await Topic.resetCounters(topic.id, 'replies', { touch: ['seen_at', { time: then }] })
    expect([(await topic.reload()).seen_at, topic.updated_at]).to.deep.equal([then, then])
    await rejection(Topic.resetCounters(topic.id, 'nothing'), UnknownAssociation)
  })

  it('have nothing to do with touching all rows, which takes a time', async () => {
    const topic = await made()
    const rows = Topic.where({ id: topic.id })
    expect(await rows.touchAll({ time: then })).to.equal(1)
    expect([(await topic.reload()).updated_at, topic.updated_on, topic.seen_at]).to.deep.equal([then, then, null])
    expect(await rows.inBatches().touchAll('seen_at', { time: long })).to.equal(1)
    expect([(await topic.reload()).updated_at, topic.seen_at, told]).to.deep.equal([long, long, []])
    await rejection(Reply.touchAll(), InvalidArgument)
  })
})
