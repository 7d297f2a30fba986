import { describeEnums, enumSchema } from './enum_columns.ts'
import { servers } from '../test_database.ts'

for (const { name, open } of servers) describe(`enums over columns, on ${name}`, () => describeEnums(() => open(enumSchema)))
