import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Application, type BootOptions, boot, EncryptedFile, MessageVerifier, RegaugeError } from 'regauge'
import { applicationWith, removeFolders } from './folder.ts'

const variables = ['SECRET_KEY_BASE', 'SECRET_KEY_BASE_DUMMY', 'RAILS_MASTER_KEY'] as const

describe('the secrets of an application', () => {
  const before = new Map(variables.map((name) => [name, process.env[name]]))
  const started: Application[] = []
  const start = async (root: string, options: Partial<BootOptions> = {}): Promise<Application> => {
    const application = await boot({ root, env: 'test', serves: false, ...options })
    started.push(application)
    return application
  }
  beforeEach(() => {
    for (const name of variables) delete process.env[name]
  })
  afterEach(async () => {
    for (const application of started.splice(0)) await application.stop()
    removeFolders()
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
  const credentialsIn = (root: string, yaml: string, name = 'credentials', key = EncryptedFile.generateKey()): string => {
    mkdirSync(join(root, 'config/credentials'), { recursive: true })
    const keyFile = join(root, 'config', name === 'credentials' ? 'master.key' : `${name}.key`)
    writeFileSync(keyFile, `${key}\n`)
    new EncryptedFile({ root, keyFile, file: join(root, 'config', `${name}.yml.enc`) }).write(yaml)
    return key
  }

  describe('secretKeyBase', () => {
    it('is made in development and test, kept, and kept from others', async () => {
      const root = applicationWith({})
      const { config } = await start(root)
      expect(config.secretKeyBase).to.match(/^[0-9a-f]{128}$/)
      expect(readFileSync(join(root, 'tmp/local_secret.txt'), 'utf8')).to.equal(config.secretKeyBase)
      expect((await start(root)).config.secretKeyBase).to.equal(config.secretKeyBase)
    })

    it('comes from the environment, then from the credentials', async () => {
      const root = applicationWith({})
      credentialsIn(root, `secret_key_base: ${'c'.repeat(40)}\n`)
      expect((await start(root, { env: 'production' })).config.secretKeyBase).to.equal('c'.repeat(40))
      process.env['SECRET_KEY_BASE'] = 'e'.repeat(40)
      expect((await start(root, { env: 'production' })).config.secretKeyBase).to.equal('e'.repeat(40))
    })

    it('must be there in production, but for builds that only compile', async () => {
      const root = applicationWith({})
      expect(await codeOf(start(root, { env: 'production' }))).to.equal('REGAUGE_MISSING_SECRET_KEY_BASE')
      process.env['SECRET_KEY_BASE_DUMMY'] = '1'
      expect((await start(root, { env: 'production' })).config.secretKeyBase).to.have.length(128)
    })

    it('must be long, and is never shown', async () => {
      process.env['SECRET_KEY_BASE'] = 'too short to be one'
      const error = await errorOf(start(applicationWith({})))
      expect(error.code).to.equal('REGAUGE_INVALID_SETTING')
      expect(error.message).to.contain("config.secretKeyBase can't be 19 characters long; expected at least 30")
      expect(`${error.message}${error.hint}`).not.to.contain('too short to be one')
    })
  })

  describe('messages', () => {
    it('have a verifier and an encryptor for each name', async () => {
      const application = await start(applicationWith({}))
      const message = application.messageVerifier('unsubscribe').generate({ id: 5 }, { purpose: 'list' })
      expect(application.messageVerifier('unsubscribe').verify(message, { purpose: 'list' })).to.deep.equal({ id: 5 })
      expect(application.messageVerifier('other').verified(message, { purpose: 'list' })).to.equal(undefined)
      expect(application.messageEncryptor('x').decryptAndVerify(application.messageEncryptor('x').encryptAndSign(1))).to.equal(1)
    })

    it('are rotated in an initializer', async () => {
      const old = await start(applicationWith({}), { configure: (config) => void (config.secretKeyBase = 'o'.repeat(40)) })
      const message = old.messageVerifier('unsubscribe').generate(5)
      const rotate = `config.messages.messageVerifiers.rotate({ secretKeyBase: '${'o'.repeat(40)}' })`
      const root = applicationWith({
        'config/initializers/messages.ts': `import { configure } from 'regauge'\nexport default configure((config) => void ${rotate})\n`,
      })
      expect((await start(root)).messageVerifier('unsubscribe').verify(message)).to.equal(5)
    })

    it('of two applications in one process are kept apart', async () => {
      const [first, second] = [await start(applicationWith({})), await start(applicationWith({}))]
      const message = first.messageVerifier('x').generate(1)
      expect(second.messageVerifier('x').verified(message)).to.equal(undefined)
      expect(first.messageVerifier('x')).to.be.instanceOf(MessageVerifier)
    })
  })

  describe('credentials', () => {
    const yaml = 'aws:\n  access_key_id: 123\n  regions: [a, b]\nactive_record_encryption:\n  primary_key: p\n  key_derivation_salt: s\n'

    it('are read with the key in the variable or in the file', async () => {
      const root = applicationWith({})
      const key = credentialsIn(root, yaml)
      const { credentials, encryption } = (await start(root)).config
      expect([credentials.get('aws', 'access_key_id'), credentials.text('aws'), credentials.get('gcp', 'key')]).to.deep.equal([
        123,
        undefined,
        undefined,
      ])
      expect(credentials.get('aws', 'regions')).to.deep.equal(['a', 'b'])
      expect([encryption.primaryKey, encryption.keyDerivationSalt, encryption.deterministicKey]).to.deep.equal(['p', 's', undefined])
      expect(JSON.stringify(credentials)).to.equal('{}')
      writeFileSync(join(root, 'config/master.key'), '0'.repeat(32))
      process.env['RAILS_MASTER_KEY'] = key
      expect((await start(root)).config.credentials.get('aws', 'access_key_id')).to.equal(123)
    })

    it('of an environment come before those of all', async () => {
      const root = applicationWith({})
      credentialsIn(root, 'a: 1\n')
      credentialsIn(root, 'a: 2\n', 'credentials/test')
      expect((await start(root)).config.credentials.get('a')).to.equal(2)
    })

    it('without a key are none; one that must be there is missed by name', async () => {
      const root = applicationWith({})
      expect((await start(root)).config.credentials.get('aws')).to.equal(undefined)
      credentialsIn(root, yaml)
      const { credentials } = (await start(root)).config
      const error = await errorOf(Promise.resolve().then(() => credentials.fetch('aws', 'acces_key_id')))
      expect(error.message).to.equal('There is no credential aws.acces_key_id. Did you mean access_key_id?')
    })

    it('with another key, changed, or without sense are an error that shows nothing of them', async () => {
      for (const spoil of [
        (folder: string) => writeFileSync(join(folder, 'config/master.key'), '0'.repeat(32)),
        (folder: string) => writeFileSync(join(folder, 'config/master.key'), 'short'),
        (folder: string) => writeFileSync(join(folder, 'config/credentials.yml.enc'), 'nothing'),
        (folder: string) => credentialsIn(folder, 'secret: [hunter2'),
        (folder: string) => credentialsIn(folder, '- hunter2'),
      ]) {
        const folder = applicationWith({})
        credentialsIn(folder, yaml)
        spoil(folder)
        const error = await errorOf(boot({ root: folder, env: 'test', serves: false }))
        expect(['REGAUGE_UNREADABLE_CREDENTIALS', 'REGAUGE_INVALID_MASTER_KEY']).to.include(error.code)
        expect(error.message).to.contain('config/').and.not.to.contain('hunter2')
      }
    })
  })
})

async function errorOf(promise: Promise<unknown>): Promise<RegaugeError> {
  try {
    await promise
  } catch (error) {
    expect(error).to.be.instanceOf(RegaugeError)
    return error as RegaugeError
  }
  throw new Error('nothing was thrown')
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await errorOf(promise)).code
}
