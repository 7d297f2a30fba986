import { describeExpressionAttempts, expressedModels } from './expression_attempts.ts'
import { testDatabase } from './test_database.ts'

describe('expressions with values from outside', () => describeExpressionAttempts(() => testDatabase(expressedModels)))
