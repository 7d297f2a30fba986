import { describeEnums, enumSchema } from './enum_columns.ts'
import { testDatabase } from '../test_database.ts'

describe('enums over columns', () => describeEnums(() => testDatabase(enumSchema.replace(' @db.VarChar(20)', ''))))
