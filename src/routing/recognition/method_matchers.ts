import type { Route } from '../route.ts'
import { Matcher } from './matcher.ts'

/** As many methods as a number has bits for, beside {@link unnamed}. More than any routes file names, but it may. */
const mostMethods = 30

/** Methods that no route names: a client may invent as many as it likes, and routes for any method answer them. */
const unnamed = 1

/** Finds the routes of a method: a matcher, and the bit of the method in it. */
export interface MethodMatcher {
  readonly matcher: Matcher
  readonly bit: number
}

/** One tree holds the routes of all methods, since most of them share their paths.
 *
 * @param methods those that routes name
 * @returns what to look each of them up with; for others, what stands under the empty text
 */
export function matchersFor(routes: readonly Route[], methods: readonly string[]): ReadonlyMap<string, MethodMatcher> {
  const matchers = new Map<string, MethodMatcher>()
  let start = 0
  do {
    const bits = new Map(methods.slice(start, start + mostMethods).map((method, index) => [method, 2 << index]))
    const matcher = new Matcher(routes, (route) => bitsOf(route, bits))
    for (const [method, bit] of bits) matchers.set(method, { matcher, bit })
    if (start === 0) matchers.set('', { matcher, bit: unnamed })
    start += mostMethods
  } while (start < methods.length)
  return matchers
}

function bitsOf({ verbs }: Route, bits: ReadonlyMap<string, number>): number {
  let methods = 0
  for (let i = 0; i < verbs.length; i++) {
    // HEAD is answered by the routes that say so; where none does, by those of GET.
    if (verbs[i] === '') methods |= ~(bits.get('HEAD') ?? 0)
    else methods |= bits.get(verbs[i]!) ?? 0
  }
  return methods
}
