import { attackedModels } from './attacked_models.ts'
import { describeExpressionAttempts } from './expression_attempts.ts'
import { servers } from '../test_database.ts'

for (const { name, open } of servers)
  describe(`expressions with values from outside, on ${name}`, () => describeExpressionAttempts(() => open(attackedModels)))
