import { useEncryption, useGlobalIdApplication, modelOf, useDatabase } from '../../../src/model/index.ts'
import { useMessages } from '../../../src/messages/index.ts'
import { type TestDatabase, testDatabase } from '../../model/test_database.ts'
import { applicationMessages } from './crypto_application.ts'
import type { CryptoGolden } from './crypto_values.ts'

const schema = `
model User {
  id Int @id @default(autoincrement())
  name String?
  email String?
  password_digest String?
  recovery_digest String?
  last_login_at DateTime?
  created_at DateTime @default(now())
  updated_at DateTime @default(now())
  @@map("users")
}
model Secret {
  id Int @id @default(autoincrement())
  det String?
  det_down String?
  det_ignore String?
  original_det_ignore String?
  nondet String?
  nocompress String?
  js Json?
  created_at DateTime @default(now())
  updated_at DateTime @default(now())
  @@map("secrets")
}
`

const Model = modelOf<{}>()

class User extends Model('User') {
  static {
    this.hasSecurePassword()
    this.hasSecurePassword('recovery', { validations: false })
    this.generatesTokenFor('email_confirm', { expiresIn: 7200 }, (user) => user.readAttribute('email'))
    this.generatesTokenFor('forever')
    this.generatesTokenFor('multi', (user) => ['name', 'email', 'last_login_at'].map((name) => user.readAttribute(name)))
    this.generatesTokenFor('with_block_nil', () => null)
  }
}

class SubUser extends User {}

class Account extends Model('User') {
  static override readonly name = 'Admin::Account'
}

class Secret extends Model('Secret') {
  static {
    this.encrypts('det', { deterministic: true })
    this.encrypts('det_down', { deterministic: true, downcase: true })
    this.encrypts('det_ignore', { deterministic: true, ignoreCase: true })
    this.encrypts('nondet')
    this.encrypts('nocompress', { compress: false })
    this.encrypts('js')
  }
}

/** The models that were recorded, with the one user that there was. */
export interface RecordedModels {
  readonly User: typeof User
  readonly SubUser: typeof SubUser
  readonly Account: typeof Account
  readonly Secret: typeof Secret
  readonly database: TestDatabase['database']
  close(): Promise<void>
}

const open = new WeakMap<CryptoGolden, Promise<RecordedModels>>()

/** The models of the golden in a database of its own, made for the first case that needs them. */
export function recordedModels(golden: CryptoGolden): Promise<RecordedModels> {
  const models = open.get(golden) ?? openModels(golden)
  open.set(golden, models)
  return models
}

/** Ends what {@link recordedModels} began. */
export async function closeModels(golden: CryptoGolden): Promise<void> {
  await (await open.get(golden))?.close()
}

async function openModels(golden: CryptoGolden): Promise<RecordedModels> {
  const test = await testDatabase(schema)
  useDatabase(test.database, test.metadata, [User, SubUser, Account, Secret])
  useMessages(applicationMessages(golden))
  useGlobalIdApplication('golden')
  useRecordedKeys(golden)
  await test.database.execute("insert into users (id, name, email, password_digest) values (1, 'Ann', 'ann@example.com', ?)", [
    digestIn(golden),
  ])
  const close = async () => {
    useMessages(undefined)
    useGlobalIdApplication('regauge')
    useEncryption(undefined)
    await test.close()
  }
  return { User, SubUser, Account, Secret, database: test.database, close }
}

/** Sets the keys that encrypted attributes were recorded with. */
export function useRecordedKeys({ about }: CryptoGolden, changes: Parameters<typeof useEncryption>[0] = {}): void {
  const { primary_key, deterministic_key, key_derivation_salt } = about.encryption_config
  useEncryption({ primaryKey: primary_key, deterministicKey: deterministic_key, keyDerivationSalt: key_derivation_salt, ...changes })
}

// Tokens depend on it, so it is recorded with them.
function digestIn({ cases }: CryptoGolden): string | null {
  for (const one of cases) {
    const { password_digest } = (one['attributes'] ?? one) as { password_digest?: unknown }
    if (typeof password_digest === 'string') return password_digest
  }
  return null
}
