import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { buildPackage, repository } from '../../application/built_package.ts'
import { declarePackage, folderOf, removeFolders } from '../../application/folder.ts'
import { exportedNames } from './exported_names.ts'

const bullmq = dirname(createRequire(import.meta.url).resolve('bullmq/package.json'))

describe('an application that installs regauge and bullmq', function () {
  this.timeout(120_000)
  let directory: string
  before(() => void buildPackage())
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'regauge-bullmq-'))))
  afterEach(() => {
    rmSync(directory, { recursive: true })
    removeFolders()
  })

  it('imports every type and value of bullmq from regauge/bullmq', () => {
    const names = [...exportedNames(join(bullmq, 'dist/esm/index.d.ts'))].sort()
    expect(names).to.include.members(['Queue', 'JobsOptions', 'IQueueBackend', 'WorkerOptions'])
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: ['node'],
      typeRoots: [join(repository, 'node_modules/@types')],
    }
    const folder = folderOf({
      'all.ts': `import type { ${names.join(', ')} } from 'regauge/bullmq'\nexport type Missing = import('regauge/bullmq').Misspelt\n`,
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['all.ts'] }),
    })
    declarePackage(folder)
    const { stdout } = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    })
    const problems = stdout.split('\n').filter((line) => line.includes('all.ts'))
    expect(problems).to.have.lengthOf(1)
    expect(problems[0]).to.match(/has no exported member 'Misspelt'/)
  })

  /** Installs both without anything that talks to a server: who asks for it is told that it isn't there. */
  function install(): void {
    const modules = join(directory, 'node_modules')
    const { dependencies } = JSON.parse(readFileSync(join(bullmq, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    cpSync(bullmq, join(modules, 'bullmq'), { recursive: true })
    for (const name of [...Object.keys(dependencies), 'croner']) symlinkSync(join(repository, 'node_modules', name), join(modules, name))
    for (const name of ['ioredis', 'redis', 'pg']) {
      mkdirSync(join(modules, name))
      const absent = `throw Object.assign(new Error("Cannot find module '${name}'"), { code: 'MODULE_NOT_FOUND' })`
      writeFileSync(join(modules, name, 'index.js'), absent)
    }
    for (const room of ['src', 'adapters/bullmq'])
      cpSync(join(buildPackage(), 'dist', room), join(modules, 'regauge', room), { recursive: true })
    writeFileSync(
      join(modules, 'regauge/package.json'),
      '{ "type": "module", "exports": { "./bullmq": "./adapters/bullmq/embedded/index.js" } }',
    )
  }

  it('needs no Redis, and no package to talk to one', () => {
    install()
    const program = `
      import net from 'node:net'
      import { FlowProducer, Queue, QueueEvents, Worker } from 'regauge/bullmq'
      net.Socket.prototype.connect = () => { throw new Error('connected') }
      const queue = new Queue('mails')
      const events = new QueueEvents('mails')
      await events.waitUntilReady()
      const worker = new Worker('mails', async (job) => job.name + ' ' + JSON.stringify(Object.values(await job.getChildrenValues())), { connection: {} })
      const flows = new FlowProducer()
      const { job } = await flows.add({ name: 'parent', queueName: 'mails', children: [{ name: 'child', queueName: 'mails' }] })
      console.log(await job.waitUntilFinished(events))
      const scheduled = new Promise((resolve) => worker.on('completed', ({ name }) => name === 'tick' && resolve(name)))
      await queue.upsertJobScheduler('often', { every: 50 }, { name: 'tick' })
      console.log(await scheduled)
      await queue.removeJobScheduler('often')
      for (const open of [worker, events, flows, queue]) await open.close()`
    writeFileSync(join(directory, 'program.mjs'), program)
    const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], { cwd: directory, encoding: 'utf8', timeout: 60_000 })
    expect(stdout + stderr).to.equal('parent ["child []"]\ntick\n')
  })
})
