import { attackedModels } from './attacked_models.ts'
import { describeAttempts } from './injection_attempts.ts'
import { servers } from '../test_database.ts'

for (const { name, open } of servers)
  describe(`names and options from outside, on ${name}`, () => describeAttempts(() => open(attackedModels)))
