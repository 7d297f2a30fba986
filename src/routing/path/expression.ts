import { setFlagsFromString } from 'node:v8'

/** An expression that hostile text can't keep busy: one whose quantifiers are nested, `(\w+\s?)*`, may try a number of ways that doubles with
 * each character, so V8's engine that takes linear time runs it. Only what that engine doesn't know (looking around, references back) is left as it is.
 * @see https://v8.dev/blog/non-backtracking-regexp
 */
export function guardedExpression(source: string, flags = ''): RegExp {
  return (hasNestedQuantifiers(source) ? linearExpression(source, flags) : undefined) ?? new RegExp(source, flags)
}

/** Whether a part that repeats, or that has alternatives, repeats as a whole. */
function hasNestedQuantifiers(source: string): boolean {
  const open: boolean[] = [false]
  const tokens = source.match(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[*+]|\{\d+,\d*\}|[\s\S]/g) ?? []
  for (const [index, token] of tokens.entries()) {
    if (token === '(') open.push(false)
    else if (token === ')') {
      const varies = open.pop() ?? false
      if (varies && isRepetition(tokens[index + 1])) return true
      if (varies && open.length > 0) open[open.length - 1] = true
    } else if (token === '|' || isRepetition(token)) open[open.length - 1] = true
  }
  return false
}

function isRepetition(token: string | undefined): boolean {
  return token === '*' || token === '+' || (token !== undefined && /^\{\d+,\d*\}$/.test(token))
}

// The flag only has to be set while the expression is made; the engine is chosen then, and the process stays as it was.
function linearExpression(source: string, flags: string): RegExp | undefined {
  try {
    setFlagsFromString('--enable-experimental-regexp-engine')
    return new RegExp(source, `${flags}l`)
  } catch {
    return undefined
  } finally {
    setFlagsFromString('--no-enable-experimental-regexp-engine')
  }
}
