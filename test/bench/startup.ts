import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Contender, Measurement, Room } from './measuring/room.ts'

const repository = resolve(import.meta.dirname, '../..')
const conduit = resolve(repository, 'guides/conduit/api')
const bareServer =
  "require('node:http').createServer((q,s)=>s.end('ok')).listen(0,function(){console.log('http://localhost:'+this.address().port)})"

/** From the start of the process to the first answer over HTTP. A thousand divided by the rate is the time of one start in milliseconds. */
const startup: Room = {
  title: 'From start to the first answer',
  async cases() {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: repository, stdio: 'inherit' })
    const server = ['server', '--root', conduit, '--port', '0']
    return [
      {
        name: 'Conduit',
        unit: 'starts',
        baseline: 'node:http, one line',
        contenders: [
          contender('node:http, one line', ['-e', bareServer]),
          contender('regauge server, built', [resolve(repository, 'dist/src/cli/main.js'), ...server]),
          contender('regauge server, from source', [
            '--conditions=regauge-source',
            '--import',
            'tsx',
            resolve(repository, 'src/cli/main.ts'),
            ...server,
          ]),
        ],
      },
    ]
  },
}

export default startup

function contender(name: string, args: readonly string[]): Contender {
  return { name, start: async () => ({ measure: (seconds) => measure(args, seconds), stop: async () => {} }) }
}

async function measure(args: readonly string[], seconds: number): Promise<Measurement> {
  const started = performance.now()
  let [operations, spent] = [0, 0]
  while (operations === 0 || performance.now() - started < seconds * 1000) {
    spent += await firstAnswer(args)
    operations += 1
  }
  return { operations, seconds: spent / 1000 }
}

/** The milliseconds until the first answer. The process is stopped afterwards, which isn't counted. */
async function firstAnswer(args: readonly string[]): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: repository,
    env: { ...process.env, LOG_LEVEL: 'silent' },
  })
  const url = await printedUrl(child)
  await (await fetch(`${url}/api/tags`)).arrayBuffer()
  const elapsed = performance.now() - started
  child.kill('SIGKILL')
  await once(child, 'exit')
  return elapsed
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += String(chunk)
      const url = /http:\/\/[^\s/]+/.exec(text)?.[0]
      if (url) resolve(url)
    })
    child.once('exit', () => reject(new Error(`The server ended before it answered: ${text}`)))
  })
}
