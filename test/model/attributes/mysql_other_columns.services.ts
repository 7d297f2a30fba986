import { expect } from 'chai'
import { InvalidArgument, modelOf } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, onMysql } from '../test_database.ts'

const schema = `
model Place {
  id    Int     @id @default(autoincrement())
  pt    Unsupported("point")?
  geo   Unsupported("geometry")?
  area  Unsupported("polygon")?
  kinds Unsupported("set('park','school','shop')")?
  @@map("places")
}
`
class Place extends modelOf<{}>()('Place') {
  declare id: number;
  [name: string]: unknown
}

describe('columns that Prisma has no type for, on MySQL', () => {
  boundDatabase([Place], () => onMysql(schema))

  const cases: [name: string, given: unknown, kept?: unknown][] = [
    ['pt', { x: 1.5, y: -2 }],
    ['pt', '(3,4)', { x: 3, y: 4 }],
    ['pt', [0, 1e-9], { x: 0, y: 1e-9 }],
    ['geo', 'POINT(1 2)'],
    ['geo', 'LINESTRING(0 0,1.25 -1)'],
    ['geo', 'polygon ((0 0, 0 3, 3 3, 0 0), (1 1, 1 2, 2 2, 1 1))', 'POLYGON((0 0,0 3,3 3,0 0),(1 1,1 2,2 2,1 1))'],
    ['geo', 'MULTIPOINT((1 1),(2 2))', 'MULTIPOINT(1 1,2 2)'],
    ['geo', 'MULTILINESTRING((0 0,1 1),(2 2,3 3))'],
    ['geo', 'MULTIPOLYGON(((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5)))'],
    ['geo', 'GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))'],
    ['geo', 'SRID=4326;POINT(1 2)'],
    ['area', 'POLYGON((0 0,0 1,1 1,0 0))'],
    ['kinds', 'park,shop'],
    ['kinds', 'school'],
    ['geo', null],
    ['pt', null],
  ]
  for (const [name, given, expected = given] of cases)
    it(`hold ${JSON.stringify(given)} as ${name}`, async () => {
      const { id } = await Place.createOrThrow({ [name]: given } as never)
      const place = await Place.find(id)
      const read = place[name]
      expect(read).to.deep.equal(expected)
      expect(place.changed).to.deep.equal([])
      place[name] = read
      expect(place.changed).to.deep.equal([])
      expect(await Place.where({ id, [name]: read } as never).count()).to.equal(1)
      await place.updateOrThrow({ [name]: null } as never)
      expect((await Place.find(id))[name]).to.equal(null)
      await place.updateOrThrow({ [name]: given } as never)
      expect(await Place.where({ id }).pick(name)).to.deep.equal(expected)
    })

  it('are what the database itself takes them for', async () => {
    const { id } = await Place.createOrThrow({ geo: 'MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', pt: [1, 2] } as never)
    const text = await Place.connection.selectRows('select st_astext(geo), st_astext(pt) from places where id = ?', id)
    expect(text).to.deep.equal([['MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 'POINT(1 2)']])
    await Place.connection.execute("update places set geo = st_geomfromtext('LINESTRING(0 0,2 3)') where id = ?", id)
    expect((await Place.find(id))['geo']).to.equal('LINESTRING(0 0,2 3)')
  })

  it('refuse what is no geometry', async () => {
    for (const given of ['POINT(1)', 'POINT(1 2', 'CIRCLE(1 2)', "POINT(1 2)'); drop table places"])
      await rejection(Place.createOrThrow({ geo: given } as never), InvalidArgument)
  })
})
