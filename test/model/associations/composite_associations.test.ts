import { describeCompositeAssociations } from './composite_associations.ts'
import { describeCompositeConditions } from './composite_conditions.ts'
import { shopSchema } from './composite_models.ts'
import { testDatabase } from '../test_database.ts'

describe('associations by several columns', () => describeCompositeAssociations(() => testDatabase(shopSchema)))
describe('conditions on associations by several columns', () => describeCompositeConditions(() => testDatabase(shopSchema)))
