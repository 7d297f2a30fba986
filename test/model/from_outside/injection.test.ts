import { attackedModels } from './attacked_models.ts'
import { describeAttempts } from './injection_attempts.ts'
import { testDatabase } from '../test_database.ts'

describe('names and options from outside', () => describeAttempts(() => testDatabase(attackedModels)))
