import { attackedModels } from './attacked_models.ts'
import { describeExpressionAttempts } from './expression_attempts.ts'
import { testDatabase } from '../test_database.ts'

describe('expressions with values from outside', () => describeExpressionAttempts(() => testDatabase(attackedModels)))
