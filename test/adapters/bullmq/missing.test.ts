import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'

const hooks = `export async function resolve(name, context, next) {
  if (name === 'bullmq') throw Object.assign(new Error('Cannot find package bullmq'), { code: 'ERR_MODULE_NOT_FOUND' })
  return next(name, context)
}`
const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})`
const program = `import { bullmqBackend } from ${JSON.stringify(new URL('../../../adapters/bullmq/index.ts', import.meta.url).href)}
await bullmqBackend({ connection: 'redis://127.0.0.1:1' }).catch((error) => console.log(error.code, error.hint))`

describe('the BullMQ job backend without the package bullmq', () => {
  it('says what is missing and how to install it', async () => {
    const args = ['--conditions=regauge-source', '--import', 'tsx', '--import', `data:text/javascript,${encodeURIComponent(register)}`]
    const { stdout } = await promisify(execFile)(process.execPath, [...args, '--input-type=module', '-e', program])
    expect(stdout).to.equal('REGAUGE_BULLMQ_MISSING Run `npm install bullmq ioredis`.\n')
  })
})
