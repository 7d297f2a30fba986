import { EncryptedFile } from '../../../src/application/credentials/encrypted_file.ts'
import { parseCredentials } from '../../../src/application/credentials/credentials.ts'
import { decryptValue, encryptValue } from '../../../src/model/encryption/encryptor.ts'
import { deriveKey } from '../../../src/model/encryption/keys.ts'
import { downcase } from '../../../src/model/encryption/scheme.ts'
import { ringOf } from '../../../src/model/encryption/settings.ts'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RecordedModels, recordedModels, useRecordedKeys } from './crypto_models.ts'
import { type Check, type CryptoGolden, decode, expectOutcome, expectSame, type Recorded } from './crypto_values.ts'

interface AttributeCase {
  readonly attribute: string
  readonly value: unknown
  readonly ciphertext: string | null
  readonly read_back: unknown
}

/** Encrypted attributes and credentials. */
export const encryption: Readonly<Record<string, Check>> = {
  'ar_encryption.key'(one: { password: string; salt: string; digest: string; hex: string }) {
    expectSame(deriveKey(one.password, one).toString('hex'), one.hex)
  },

  async ar_encryption(one: AttributeCase, golden) {
    const { Secret, database } = await recordedModels(golden)
    const column = one.attribute
    const secret = new Secret({ [column.replace(/^original_/, '')]: decode(one.value) })
    expectSame(await secret.ciphertextFor(column), one.ciphertext)
    await database.execute('delete from secrets', [])
    await database.execute(`insert into secrets (id, ${column}) values (1, ?)`, [one.ciphertext])
    // What is read of an attribute without case is the other column.
    if (column === 'det_ignore') {
      const original = await secret.ciphertextFor('original_det_ignore')
      await database.execute('update secrets set original_det_ignore = ?', [String(original)])
      expectSame((await Secret.find(1)).readAttribute(column), downcase(String(one.value)))
    }
    expectSame(Reflect.get(await Secret.find(1), column), decode(one.read_back))
  },

  async 'ar_encryption.query'(one: { where: Record<string, string>; sql?: string; count: number }, golden) {
    const models = await recordedModels(golden)
    await createRecorded(models, golden)
    const found = models.Secret.where(one.where)
    expectSame(await found.count(), one.count)
    const condition = one.sql?.split(' WHERE ')[1]
    if (condition !== undefined) expectSame(found.toSql().split(' where ')[1], condition)
  },

  async 'ar_encryption.read'(one: Recorded & { ciphertext: string; config?: { support_unencrypted_data: boolean } }, golden) {
    const { Secret, database } = await recordedModels(golden)
    await database.execute('delete from secrets', [])
    await database.execute('insert into secrets (id, det) values (1, ?)', [one.ciphertext])
    if (one.config !== undefined) useRecordedKeys(golden, { supportUnencryptedData: one.config.support_unencrypted_data })
    try {
      await expectOutcome(one, async () => (await Secret.find(1)).readAttribute('det'))
    } finally {
      useRecordedKeys(golden)
    }
  },

  async 'ar_encryption.rotation'(
    one: Recorded & { keys: string[]; key_derivation_salt: string; ciphertext: string; iv?: string; headers?: { i?: string } },
  ) {
    const settings = { keyDerivationSalt: one.key_derivation_salt, storeKeyReferences: one.headers?.i !== undefined }
    const keys = ringOf(one.keys, settings)
    await expectOutcome(one, () => decryptValue(one.ciphertext, keys))
    if (one.iv === undefined) return
    // It may have been written with the older key, and there is one way to tell.
    const written = one.keys.map((_, index) => {
      const ring = ringOf(one.keys.slice(0, index + 1), settings)
      return opens(one.ciphertext, one.keys[index]!, settings) ? encryptValue(String(one.result), ring) : undefined
    })
    expectSame(
      written.find((text) => text !== undefined),
      one.ciphertext,
    )
  },

  async credentials(one: Recorded & { master_key: string; yaml?: string; encrypted: string; config?: Record<string, unknown> }) {
    const root = mkdtempSync(join(tmpdir(), 'regauge-credentials-'))
    try {
      const [file, keyFile] = [join(root, 'credentials.yml.enc'), join(root, 'master.key')]
      writeFileSync(keyFile, one.master_key)
      writeFileSync(file, one.encrypted)
      const encrypted = new EncryptedFile({ root, file, keyFile })
      const recorded = one.error === undefined ? { result: one.yaml } : one
      await expectOutcome(recorded, () => encrypted.read(), { 'ActiveSupport::MessageEncryptor::InvalidMessage': 'UnreadableCredentials' })
      if (one.yaml === undefined) return
      const credentials = parseCredentials(one.yaml)
      for (const [name, value] of Object.entries(one.config ?? {})) expectSame(plain(credentials.get(name)), value)
      encrypted.write(one.yaml)
      expectSame(readFileSync(file, 'utf8'), one.encrypted)
    } finally {
      rmSync(root, { recursive: true })
    }
  },
}

function opens(ciphertext: string, key: string, settings: Parameters<typeof ringOf>[1]): boolean {
  try {
    decryptValue(ciphertext, ringOf([key], settings))
    return true
  } catch {
    return false
  }
}

/** A row for each value that was written before the queries ran. */
async function createRecorded({ Secret, database }: RecordedModels, { cases }: CryptoGolden): Promise<void> {
  await database.execute('delete from secrets', [])
  const texts = cases.filter(({ kind, value }) => kind === 'ar_encryption' && typeof value === 'string').map(({ value }) => value)
  for (const text of new Set(texts)) await Secret.create({ det: text, det_down: text, det_ignore: text, nondet: text })
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
