import { expect } from 'chai'
import { draw, normalizePath, type RouteSet } from '../../src/routing/index.ts'

/** A generator of numbers that gives the same ones each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const texts = ['a', 'b', 'ab', 'a-b', 'new', 'a.b']
const names = ['x', 'y', 'z']
const requirements = [/\d+/, /a|b/, /[a-z]+/, /[^/]+/, /\w+\.\w+/, /.+/, /v\d+(\.\d+)?/, /A/i]

function randomPattern(random: (below: number) => number, depth = 0): string {
  let pattern = ''
  for (let count = 1 + random(3); count > 0; count--) {
    const part = random(10)
    if (part < 4) pattern += `/${texts[random(texts.length)]}`
    else if (part < 7) pattern += `/:${names[random(names.length)]}`
    else if (part < 8) pattern += `/${texts[random(texts.length)]}-:${names[random(names.length)]}`
    else if (part < 9 && depth < 2)
      pattern += `(${random(4) === 0 ? `.:${names[random(names.length)]}` : randomPattern(random, depth + 1)})`
    else pattern += `/*${names[random(names.length)]}`
  }
  return pattern
}

function randomPath(random: (below: number) => number): string {
  let path = ''
  for (let count = random(5); count > 0; count--)
    path += `/${['a', 'b', 'ab', 'a-b', '1', '12', 'v1', 'v1.2', 'a.b', 'A', 'new', 'x%20y'][random(12)]}`
  return path + ['', '', '', '.json', '.a.b', '/'][random(6)]
}

/** What trying each route's expression in order finds. */
function firstInList(routes: RouteSet, path: string): object | null {
  const normal = normalizePath(path)
  for (const { pattern, index, defaults } of routes.routes) {
    const match = pattern.regexp.exec(normal)
    if (match === null) continue
    const params: Record<string, unknown> = { ...defaults }
    for (const [position, name] of pattern.names.entries()) {
      const value = pattern.capture(match, position)
      if (value !== undefined) params[name] = decodeURIComponent(value)
    }
    return { index, params }
  }
  return null
}

describe('The matcher, on random tables and paths', () => {
  for (let seed = 1; seed <= 40; seed++) {
    it(`finds what trying every route in order finds (seed ${seed})`, () => {
      const random = randomFrom(seed)
      const routes = draw(({ get }) => {
        for (let count = 0; count < 30; count++) {
          const constraints = Object.fromEntries(
            names.filter(() => random(4) === 0).map((name) => [name, requirements[random(requirements.length)]!]),
          )
          get(randomPattern(random), { to: 'pages#show', as: null, constraints, ...(random(3) === 0 && { format: false }) })
        }
      })
      for (let count = 0; count < 300; count++) {
        const path = randomPath(random)
        const found = routes.recognize('GET', path)
        const answer = found && { index: found.route.index, params: { ...found.params } }
        expect(answer, path).to.deep.equal(firstInList(routes, path))
      }
    })
  }
})
