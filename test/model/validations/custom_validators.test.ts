import { expect } from 'chai'
import {
  bindModels,
  EachValidator,
  InvalidArgument,
  modelOf,
  registerValidator,
  type ValidatedLike,
  Validator,
} from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

class PeriodValidator extends Validator<ValidatedLike & { starts: number; ends: number }> {
  validate(record: ValidatedLike & { starts: number; ends: number }): void {
    if (record.ends < record.starts) record.errors.add('ends', String(this.options['message'] ?? 'is before the start'))
  }
}

class EvenValidator extends EachValidator {
  async validateEach(record: ValidatedLike, attribute: string, value: unknown): Promise<void> {
    if (Number(value) % 2 !== 0) record.errors.add(attribute, 'even')
  }
}

describe('validators of an application', () => {
  const Model = modelOf<{}>()
  let test: TestDatabase
  before(async () => {
    registerValidator('evenly', EvenValidator)
    test = await testDatabase('model Trip {\n id Int @id @default(autoincrement())\n starts Int?\n ends Int?\n}')
  })
  after(() => test.close())

  const messages = async (
    record: { isValid(context?: string): Promise<boolean>; errors: { fullMessages: string[] } },
    context?: string,
  ) => {
    await record.isValid(context)
    return record.errors.fullMessages
  }

  it('check the record, with options and conditions', async () => {
    class Trip extends Model('Trip') {
      static {
        this.validatesWith(PeriodValidator, { message: 'is too early', on: 'planning' })
      }
    }
    bindModels([Trip], test.database, test.metadata)
    const trip = new Trip({ starts: 3, ends: 1 })
    expect(await messages(trip)).to.deep.equal([])
    expect(await messages(trip, 'planning')).to.deep.equal(['Ends is too early'])
  })

  it('check attributes one by one, and are rules by name', async () => {
    class Trip extends Model('Trip') {
      static {
        this.validatesWith(EvenValidator, { attributes: ['starts'], allowNil: true })
        this.validates('ends', { evenly: true } as never)
      }
    }
    bindModels([Trip], test.database, test.metadata)
    expect(await messages(new Trip({ starts: 3, ends: 1 }))).to.deep.equal(['Starts must be even', 'Ends must be even'])
    expect(await messages(new Trip({ ends: 2 }))).to.deep.equal([])
  })

  it('say which rule nobody knows', async () => {
    class Trip extends Model('Trip') {
      static {
        this.validates('ends', { evenley: true } as never)
      }
    }
    bindModels([Trip], test.database, test.metadata)
    const error = await rejection(
      Promise.resolve().then(() => new Trip()),
      InvalidArgument,
    )
    expect(error.message).to.include("unknown rule 'evenley'").and.include('evenly')
    expect(() => Trip.validatesWith(EvenValidator)).to.throw(InvalidArgument, 'needs attributes')
  })
})
