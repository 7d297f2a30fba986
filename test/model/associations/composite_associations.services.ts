import { describeCompositeAssociations } from './composite_associations.ts'
import { describeCompositeConditions } from './composite_conditions.ts'
import { shopSchema } from './composite_models.ts'
import { servers } from '../test_database.ts'

for (const { name, open } of servers) {
  describe(`associations by several columns, on ${name}`, () => describeCompositeAssociations(() => open(shopSchema)))
  describe(`conditions on associations by several columns, on ${name}`, () => describeCompositeConditions(() => open(shopSchema)))
}
