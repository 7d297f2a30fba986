import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { draw, UrlGenerationError } from '../../src/routing/index.ts'
import { buildProgram } from '../application/built_program.ts'
import { plainRequest } from './plain_request.ts'

/** A generator of numbers that gives the same ones each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const atoms = ['a', 'b', 'ab', '[ab]', '[^a]', '\\w', '\\d', '[a-c-]', 'a?', '1', '\\x61', '-']
const quantifiers = ['', '', '*', '+', '?', '*?', '+?', '{2}', '{0,2}', '{1,}']

function randomExpression(random: (below: number) => number, depth: number): string {
  let source = ''
  for (let count = 1 + random(3); count > 0; count--) {
    const part = random(depth > 0 ? 10 : 5)
    const atom =
      part < 5 ? atoms[random(atoms.length)]! : `(${['', '?:', '?:', '?=', '?!'][part - 5]}${randomExpression(random, depth - 1)})`
    const isQuantified = part < 8 && !atom.endsWith('?')
    source += (part < 5 && isQuantified ? `(?:${atom})` : atom) + (isQuantified ? quantifiers[random(quantifiers.length)]! : '')
    if (count > 1 && random(5) === 0) source += '|'
  }
  return source
}

describe('Expressions of a routes file', () => {
  for (let seed = 1; seed <= 20; seed++) {
    it(`match a segment where RegExp says so, however ambiguous they are (seed ${seed})`, () => {
      const random = randomFrom(seed)
      for (let count = 0; count < 40; count++) {
        const source = `(?:${randomExpression(random, 2)})+`
        const whole = new RegExp(`^(?:${source})$`)
        const routes = draw(({ get }) => get('/of/:value', { to: 'pages#show', constraints: { value: new RegExp(source) }, format: false }))
        for (let tries = 0; tries < 20; tries++) {
          const value = Array.from({ length: 1 + random(9) }, () => 'aabbc1-é'[random(8)]).join('')
          expect(routes.recognize('GET', `/of/${value}`) !== null, `${whole} on ${value}`).to.equal(whole.test(value))
        }
      }
    })
  }

  it('match an attribute of the request where RegExp says so', () => {
    const expressions = [/^(a|b)*c$/i, /(?<=^|\.)(?:x+)+$/, /^(?:\w+\.)*example/, /(?:a|ab)(?:c|bcd)(?:d*)$/, /^(?:ä|\s)+$/u]
    const values = ['abc', 'ABBC', 'ab', 'a.xx', 'a.xy', 'www.example.com', 'abcd', 'acd', 'ä ä', '']
    for (const expression of expressions) {
      const routes = draw(({ get }) => get('/', { to: 'pages#show', constraints: { userAgent: expression } }))
      const asked = (value: string) => plainRequest({ header: () => value })
      for (const value of values) {
        expect(routes.recognize('GET', '/', asked(value)) !== null, `${expression} on ${value}`).to.equal(expression.test(value))
      }
    }
  })

  it('answer hostile text in a process that does not hang', function () {
    this.timeout(120_000)
    const program = buildProgram(join(import.meta.dirname, 'hostile_requests.ts'))
    const { stdout, signal } = spawnSync(process.execPath, ['--no-warnings', program], { encoding: 'utf8', timeout: 100_000 })
    expect(signal).to.equal(null)
    expect(stdout.trim().split('\n').map((line) => line.split(' ')[1])).to.deep.equal([
      'none', 'nested', 'none', 'doubled', 'none', 'several', 'none', 'again', 'none', 'ahead', 'none', 'globs', 'none', 'none', 'middle',
      'none', 'words', 'none', 'options', 'none', 'none', 'none', 'none', 'none',
    ]) // biome-ignore format: one list
  })

  it('are checked by URL helpers as well', () => {
    const routes = draw(({ get }) => get('/nested/:id', { to: 'pages#nested', as: 'nested', id: /(a+)+/ }))
    expect(routes.helpers['nestedPath']!('aaa')).to.equal('/nested/aaa')
    expect(() => routes.helpers['nestedPath']!(`${'a'.repeat(5000)}!`)).to.throw(UrlGenerationError)
  })

  it('are warned of with their line, once, where the engine could take for ever', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => void warnings.push(warning)
    process.on('warning', note)
    draw(({ resources }) => resources(['users', 'orders'], { id: /(?:\d+)+/ }))
    draw(({ resources }) => resources('photos', { id: /[a-z]+-\d+(\.\d+)?/ }))
    await new Promise((done) => setImmediate(done))
    process.off('warning', note)
    expect(warnings.map(({ message }) => message)).to.have.lengthOf(1)
    expect(warnings[0]!.message).to.match(/hostile_paths\.test\.ts:\d+: the constraint of 'id', \/\(\?:\\d\+\)\+\/, could take for ever/)
  })

  it('are refused where they are too large to be matched safely', () => {
    expect(() => draw(({ get }) => get('/:id', { to: 'pages#show', id: /(?:ab|c){9000}/ }))).to.throw(/can't be matched safely/)
  })
})
