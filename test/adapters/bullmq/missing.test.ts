import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { buildScript } from '../../application/built_program.ts'

const hooks = `export async function resolve(name, context, next) {
  if (name === 'bullmq') throw Object.assign(new Error('Cannot find package bullmq'), { code: 'ERR_MODULE_NOT_FOUND' })
  return next(name, context)
}`
const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})`
const program = `import { bullmqBackend } from './adapters/bullmq/index.ts'
await bullmqBackend({ connection: 'redis://127.0.0.1:1' }).catch((error) => console.log(error.code, error.hint))`

describe('the BullMQ job backend without the package bullmq', () => {
  it('says what is missing and how to install it', async () => {
    const args = ['--import', `data:text/javascript,${encodeURIComponent(register)}`, buildScript(program)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(stdout).to.equal('REGAUGE_BULLMQ_MISSING Run `npm install bullmq ioredis`.\n')
  })
})
