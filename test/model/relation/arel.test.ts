import { arelModels, describeArel } from './arel_expressions.ts'
import { testDatabase } from '../test_database.ts'

describe('Arel', () => describeArel(() => testDatabase(arelModels.replaceAll(' @db.Decimal(10, 2)', ''))))
