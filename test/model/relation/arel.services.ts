import { arelModels, describeArel } from './arel_expressions.ts'
import { servers } from '../test_database.ts'

for (const { name, open } of servers) describe(`Arel on ${name}`, () => describeArel(() => open(arelModels)))
