import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { EncryptedFile } from '../../src/application/index.ts'
import { folderOf, removeFolders } from '../application/folder.ts'
import { endCommands, type Outcome, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'
import recorded from './credentials_of_rails.json' with { type: 'json' }

describe('the commands of credentials', () => {
  let root: string
  beforeEach(() => {
    root = folderOf({ 'config/application.ts': 'export default () => {}\n' })
  })
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
    regaugeHere([...args, '--root', root], { env: { VISUAL: '', EDITOR: '', RAILS_MASTER_KEY: '', ...env } })
  /** An editor: a script that gets the file as its first word. */
  const editor = (script: string): Record<string, string> => {
    const file = join(root, 'an editor')
    writeFileSync(file, `#!/bin/sh\ndirname "$2" > '${root}/folder'\n${script}\n`)
    chmodSync(file, 0o700)
    return { EDITOR: `'${file}' --wait` }
  }
  const appending = (text: string) => editor(`printf '${text}' >> "$2"`)
  const put = (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  /** Where the file that was edited was. */
  const folder = () => read('folder').trim()
  const read = (path: string) => readFileSync(join(root, path), 'utf8')

  describe('of a Rails application', () => {
    beforeEach(() => put(recorded.files))

    it('show what Rails shows, those of an environment too', async () => {
      expect(await run(['credentials:show'])).to.deep.equal({ status: 0, stdout: recorded.shown.default, stderr: '' })
      expect((await run(['credentials:show', '--environment', 'production'])).stdout).to.equal(recorded.shown.production)
    })

    it('are those of the current environment, and those of all where it has none', async () => {
      expect((await run(['credentials:show'], { REGAUGE_ENV: 'production' })).stdout).to.equal(recorded.shown.production)
      expect((await run(['credentials:show', '-e', 'staging'])).stdout).to.equal(recorded.shown.default)
    })

    it('take the key from RAILS_MASTER_KEY first', async () => {
      const key = recorded.files['config/master.key']
      put({ 'config/master.key': '0'.repeat(32) })
      expect((await run(['credentials:show'])).stderr).to.include('the key is another')
      expect((await run(['credentials:show'], { RAILS_MASTER_KEY: key })).stdout).to.equal(recorded.shown.default)
    })

    it('fetch a value, or a group of them', async () => {
      expect((await run(['credentials:fetch', 'stripe.api_key'])).stdout).to.equal('café-rails\n')
      expect((await run(['credentials:fetch', 'stripe'])).stdout).to.equal('{"api_key":"café-rails"}\n')
      expect((await run(['credentials:fetch', 'stripe.api_key', '-e', 'production', '--json'])).stdout).to.equal('"café-production"\n')
    })

    it('say what is like a value that is not there', async () => {
      const missed = await run(['credentials:fetch', 'stripe.api_kee'])
      expect([missed.status, missed.stderr.split('\n')[0]]).to.deep.equal([
        1,
        'MissingCredential: There is no credential stripe.api_kee. Did you mean api_key?',
      ])
    })

    it('edit what is there, and leave the key alone', async () => {
      const edited = await run(['credentials:edit'], appending('added: 1\\n'))
      expect(edited).to.deep.equal({
        status: 0,
        stdout: 'File encrypted and saved.\n',
        stderr: 'Editing config/credentials.yml.enc...\n',
      })
      expect(read('config/credentials.yml.enc')).not.to.include('added')
      expect((await run(['credentials:show'])).stdout).to.equal(`${recorded.shown.default}added: 1\n`)
      expect(read('config/master.key')).to.equal(recorded.files['config/master.key'])
      expect(existsSync(join(root, '.gitignore'))).to.equal(false)
    })

    it('leave the file as it is when nothing was changed', async () => {
      expect((await run(['credentials:edit'], { EDITOR: 'true' })).stdout).to.equal('Nothing was changed.\n')
      expect(read('config/credentials.yml.enc')).to.equal(recorded.files['config/credentials.yml.enc'])
    })

    it('write through a link', async () => {
      put({ 'shared/credentials.yml.enc': recorded.files['config/credentials/production.yml.enc'] })
      symlinkSync('../../shared/credentials.yml.enc', join(root, 'config/credentials/staging.yml.enc'))
      await run(['credentials:edit', '-e', 'staging'], {
        ...appending('added: 1\\n'),
        RAILS_MASTER_KEY: recorded.files['config/credentials/production.key'],
      })
      expect(read('shared/credentials.yml.enc')).not.to.equal(recorded.files['config/credentials/production.yml.enc'])
      expect(read('config/credentials/staging.yml.enc')).to.equal(read('shared/credentials.yml.enc'))
    })

    it('warn of what the application could not read, and show nothing of it', async () => {
      const { status, stderr } = await run(['credentials:edit'], appending('hunter2: ['))
      expect(status).to.equal(0)
      expect(stderr).to.include("WARNING: config/credentials.yml.enc can't be read: it holds no YAML.").and.not.include('hunter2')
    })
  })

  it('make a file and a key that only its user may read, kept out of the repository', async () => {
    put({ '.gitignore': 'node_modules/' })
    const { status, stderr } = await run(['credentials:edit'], appending('mine: 1\\n'))
    expect([status, stderr.includes('config/master.key holds the key')]).to.deep.equal([0, true])
    const key = read('config/master.key')
    expect(key).to.match(/^[0-9a-f]{32}$/)
    expect(stderr).not.to.include(key)
    expect(statSync(join(root, 'config/master.key')).mode & 0o777).to.equal(0o600)
    expect(read('.gitignore')).to.equal('node_modules/\n/config/master.key\n')
    expect((await run(['credentials:show'])).stdout).to.match(/^# aws:[\s\S]+\nsecret_key_base: [0-9a-f]{128}\nmine: 1\n$/)
  })

  it('make those of an environment with a key of their own', async () => {
    await run(['credentials:edit', '--environment', 'test'], appending('mine: 1\\n'))
    const file = { file: join(root, 'config/credentials/test.yml.enc'), keyFile: join(root, 'config/credentials/test.key') }
    expect(new EncryptedFile({ root, ...file }).read())
      .to.match(/mine: 1\n$/)
      .and.not.include('secret_key_base')
    expect(read('.gitignore')).to.equal('/config/credentials/test.key\n')
  })

  it('leave a repository alone that leaves all keys out', async () => {
    const ignored = 'tmp/\n/config/*.key\n/config/credentials/*.key\n'
    put({ '.gitignore': ignored })
    await run(['credentials:edit'], { EDITOR: 'true' })
    await run(['credentials:edit', '-e', 'test'], { EDITOR: 'true' })
    expect([existsSync(join(root, 'config/credentials/test.key')), read('.gitignore')]).to.deep.equal([true, ignored])
  })

  describe('edit in a file', () => {
    it('that this user alone can read, and that is gone afterwards with what lies beside it', async () => {
      await run(
        ['credentials:edit'],
        editor(`stat -c %a "$2" "$(dirname "$2")" > '${root}/modes'\ncp "$2" "$2~"\nprintf 'mine: 1' >> "$2"`),
      )
      expect(read('modes')).to.equal('600\n700\n')
      expect(existsSync(folder())).to.equal(false)
    })

    for (const [how, script, said] of [
      ['fails', 'printf "mine: 1" >> "$2"; exit 3', 'The editor ended with status 3: nothing was saved.'],
      ['is interrupted', 'printf "mine: 1" >> "$2"; kill -INT $$', 'The editor was ended by SIGINT: nothing was saved.'],
    ] as const) {
      it(`of which nothing is kept when the editor ${how}`, async () => {
        const { status, stderr } = await run(['credentials:edit'], editor(script))
        expect([status, stderr.includes(said)]).to.deep.equal([1, true])
        expect([existsSync(folder()), readdirSync(join(root, 'config'))]).to.deep.equal([false, ['application.ts']])
      })
    }

    it('that is gone when the command is ended', async () => {
      const env = { VISUAL: '', RAILS_MASTER_KEY: '', ...editor('echo begun; exec sleep 60') }
      const command = startRegauge(['credentials:edit', '--root', root], { env })
      await command.prints(/begun/)
      expect(readdirSync(folder())).to.deep.equal(['credentials.yml'])
      command.process.kill('SIGTERM')
      const { status, stderr } = await command.ended
      expect([status, stderr.includes('was ended by SIGTERM')]).to.deep.equal([1, true])
      expect(existsSync(folder())).to.equal(false)
    })
  })

  for (const [how, args, env, code, message] of [
    ['without an editor', ['edit'], {}, 1, 'MissingEditor: There is no editor: neither VISUAL nor EDITOR is set.'],
    [
      'with an editor that is not there',
      ['edit'],
      { EDITOR: '/nowhere/editor -w' },
      1,
      "The editor can't be started (spawn /nowhere/editor ENOENT)",
    ],
    ['without a file', ['show'], {}, 1, "NoCredentials: config/credentials.yml.enc doesn't exist."],
    ['of an environment that is a path', ['show', '-e', '../x'], {}, 2, "argument '../x' is invalid"],
    ['with a key that is none', ['edit'], { RAILS_MASTER_KEY: 'abc', EDITOR: 'true' }, 1, 'The key in RAILS_MASTER_KEY has 3 characters'],
  ] as const) {
    it(`refuse to work ${how}`, async () => {
      const { status, stderr } = await run([`credentials:${args[0]}`, ...args.slice(1)], env)
      expect([status, stderr.includes(message)]).to.deep.equal([code, true])
    })
  }

  it('never make a key for a file that has another one', async () => {
    put({ 'config/credentials.yml.enc': recorded.files['config/credentials.yml.enc'] })
    const { status, stderr } = await run(['credentials:edit'], { EDITOR: 'true' })
    expect([status, stderr.includes('neither RAILS_MASTER_KEY nor config/master.key is there')]).to.deep.equal([1, true])
    expect(existsSync(join(root, 'config/master.key'))).to.equal(false)
  })

  it('refuse to work where there is no application', async () => {
    const { status, stderr } = await regaugeHere(['credentials:edit', '--root', join(root, 'config')], { env: { EDITOR: 'true' } })
    expect([status, stderr.startsWith('NoApplication')]).to.deep.equal([1, true])
  })
})
