import { expect } from 'chai'
import { bindModels, modelOf, RepeatedLoading, useRepeatedLoadingReaction } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Owner {
  id   Int    @id @default(autoincrement())
  name String
  pets Pet[]
}
model Pet {
  id       Int    @id @default(autoincrement())
  name     String
  owner_id Int
  owner    Owner  @relation(fields: [owner_id], references: [id])
}
`
const Model = modelOf<{}>()
interface Loads extends PromiseLike<unknown> {
  count(): Promise<number>
}
class Owner extends Model('Owner') {
  declare readonly pets: Loads
}
class Pet extends Model('Pet') {
  declare readonly owner: PromiseLike<unknown>
}

describe('associations that are loaded record by record', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Owner, Pet], test.database, test.metadata)
    for (const name of ['Ann', 'Bo', 'Cy']) {
      const owner = await Owner.createOrThrow({ name })
      await Pet.createOrThrow({ name: `pet of ${name}`, owner_id: owner['id'] })
    }
    useRepeatedLoadingReaction({ reaction: 'raise' })
  })
  after(async () => {
    useRepeatedLoadingReaction(undefined)
    await test.close()
  })

  it('are an error that names the association and the line', async () => {
    const pets = await Pet.order('id')
    await pets[0]!.owner
    const error = await rejection(
      (async () => {
        for (const pet of pets) await pet.owner
      })(),
      RepeatedLoading,
    )
    expect(error.message).to.match(
      /^Pet\.owner is loaded record by record \(.*repeated_loading\.test\.ts:\d+\): load it with includes\('owner'\)/,
    )
  })

  it('are noticed for collections too', async () => {
    const owners = await Owner.all()
    await owners[0]!.pets
    await rejection(Promise.resolve(owners[1]!.pets), RepeatedLoading)
  })

  it('are none when they were included, when one record is alone, or when the database counts', async () => {
    for (const pet of await Pet.includes('owner' as never)) await pet.owner
    await (await Pet.firstOrThrow()).owner
    await (await Pet.lastOrThrow()).owner
    for (const owner of await Owner.all()) expect(await owner.pets.count()).to.equal(1)
  })

  it('are nobody’s business where no reaction is set', async () => {
    useRepeatedLoadingReaction(undefined)
    for (const pet of await Pet.all()) await pet.owner
    useRepeatedLoadingReaction({ reaction: 'raise' })
  })
})
