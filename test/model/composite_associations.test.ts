import { describeCompositeAssociations } from './composite_associations.ts'
import { shopSchema } from './composite_models.ts'
import { testDatabase } from './test_database.ts'

describe('associations by several columns', () => describeCompositeAssociations(() => testDatabase(shopSchema)))
