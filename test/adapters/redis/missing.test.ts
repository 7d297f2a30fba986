import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { buildScript } from '../../application/built_program.ts'

const hooks = `export async function resolve(name, context, next) {
  if (name === 'ioredis') throw Object.assign(new Error('Cannot find package ioredis'), { code: 'ERR_MODULE_NOT_FOUND' })
  return next(name, context)
}`
const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)})`
const program = `import { redisRateLimitStore, requireClientFor } from './adapters/redis/index.ts'
const say = (error) => console.log(error.code, error.hint)
await requireClientFor('redis://127.0.0.1:1').catch(say)
await redisRateLimitStore().increment('k', 1).catch(say)
await requireClientFor({ call: async () => 1 }).then(() => console.log('a client is enough'))`

describe('Redis without the package ioredis', () => {
  it('says what is missing and how to install it, unless a client is given', async () => {
    const args = ['--import', `data:text/javascript,${encodeURIComponent(register)}`, buildScript(program)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const missing = 'REGAUGE_REDIS_MISSING Run npm install ioredis.\n'
    expect(stdout).to.equal(`${missing}${missing}a client is enough\n`)
  })
})
