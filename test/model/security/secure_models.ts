import { ApplicationMessages, useMessages } from '../../../src/messages/index.ts'
import { modelOf, useDatabase, useEncryption, useGlobalIdApplication } from '../../../src/model/index.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Account {
  id Int @id @default(autoincrement())
  name String?
  email String?
  note String?
  settings Json?
  title String?
  original_title String?
  token String?
  password_digest String?
  @@map("accounts")
}
model Team {
  id Int @id @default(autoincrement())
  name String?
  @@map("teams")
}
`

interface AccountColumns {
  id: number
  name: string | null
  email: string | null
  note: string | null
  settings: unknown
  title: string | null
  original_title: string | null
  token: string | null
  password_digest: string | null
}

interface Schema {
  types: {
    model: {
      Account: { payload: { name: 'Account'; scalars: AccountColumns; objects: {} } }
      Team: { payload: { name: 'Team'; scalars: { id: number; name: string | null }; objects: {} } }
    }
  }
  models: { Account: Account; Team: Team }
}

const Model = modelOf<Schema>()

export class Account extends Model('Account') {
  static {
    this.hasSecurePassword()
    this.hasSecureToken()
    this.generatesTokenFor('confirmation', { expiresIn: 60 }, (account) => account.name)
    this.encrypts('email', { deterministic: true, downcase: true })
    this.encrypts('note', 'settings')
    this.encrypts('title', { deterministic: true, ignoreCase: true })
    this.validates('email', { uniqueness: true, allowNil: true })
  }
}

export class Team extends Model('Team') {}

export const encryptionKeys = { primaryKey: 'a primary key', deterministicKey: 'a deterministic key', keyDerivationSalt: 'a salt' }

/** Opens a database for the classes above, with the secrets they need. */
export async function secureDatabase(): Promise<TestDatabase> {
  const test = await testDatabase(schema)
  useDatabase(test.database, test.metadata, [Account, Team])
  useMessages(new ApplicationMessages('a secret of thirty letters or so'))
  useEncryption(encryptionKeys)
  useGlobalIdApplication('shop')
  const close = async () => {
    useMessages(undefined)
    useEncryption(undefined)
    useGlobalIdApplication('regauge')
    await test.close()
  }
  return { ...test, close }
}
