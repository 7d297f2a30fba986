import { expect } from 'chai'
import { bindModels, DeleteRestricted, modelOf } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Lesson {
  id Int @id @default(autoincrement())
}
model Content {
  id        Int  @id @default(autoincrement())
  lesson_id Int?
}
`
const Model = modelOf<{}>()
class Content extends Model('Content') {}

describe('what goes with the owner of one record', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
  })
  beforeEach(async () => {
    for (const table of ['Lesson', 'Content']) await test.database.execute(`DELETE FROM "${table}"`, [])
  })
  after(() => test.close())

  const lessonWith = async (dependent: 'destroy' | 'delete' | 'nullify' | 'restrictWithException', rows: number) => {
    class Lesson extends Model('Lesson') {
      static {
        this.hasOne('content', { dependent })
      }
    }
    bindModels([Lesson, Content], test.database, test.metadata)
    const lesson = await Lesson.createOrThrow({})
    for (let count = 0; count < rows; count++) await Content.insert({ lesson_id: lesson['id'] as number })
    return lesson
  }
  const left = async () => ({ all: await Content.count(), owned: await Content.not({ lesson_id: null }).count() })

  it('is the first row alone where there are several', async () => {
    await (await lessonWith('destroy', 2)).destroy()
    expect(await left()).to.deep.equal({ all: 1, owned: 1 })
    await (await lessonWith('delete', 2)).destroy()
    expect(await left()).to.deep.equal({ all: 2, owned: 2 })
    await (await lessonWith('nullify', 2)).destroy()
    expect(await left()).to.deep.equal({ all: 4, owned: 3 })
  })

  it('is nothing where there is no row', async () => {
    for (const dependent of ['destroy', 'delete', 'nullify', 'restrictWithException'] as const)
      expect(await (await lessonWith(dependent, 0)).destroy()).not.to.equal(false)
  })

  it('keeps the owner where that was said', async () => {
    await rejection((await lessonWith('restrictWithException', 1)).destroy(), DeleteRestricted)
  })
})
