import { redirect, type RedirectBlock } from '../../../../src/routing/index.ts'
import type { Json, JsonHash } from './types.ts'

/** A recorded value as ours. Symbols are strings; what only Ruby knows is a stand-in. */
export function fromJson(value: Json | undefined): unknown {
  if (Array.isArray(value)) return value.map(fromJson)
  if (typeof value !== 'object' || value === null) return value
  const tag = Object.keys(value).find((key) => key.startsWith('$'))
  if (tag === undefined) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fromJson(one)]))
  const read = tags[tag]
  if (read === undefined) throw new Error(`a value of ${tag} can't be read`)
  return read(value)
}

const tags: Readonly<Record<string, (value: JsonHash) => unknown>> = {
  $sym: (value) => value['$sym'],
  $re: (value) => expressionOf(value['$re'] as string, value['flags'] as string),
  $redirect: (value) => redirectOf(value['$redirect'] as JsonHash),
  $opaque: (value) => standIn(value['$opaque'] as string),
  $hash: (value) => Object.fromEntries(pairsOf(value).map(([key, one]) => [String(fromJson(key)), fromJson(one)])),
  $strkeys: (value) => fromJson(value['$strkeys']!),
  $obj: recordOf,
  $bytes: (value) => ({ bytes: value['$bytes'] }),
  $params: (value) => ({
    toHash: () => {
      if (value['permitted'] !== true) throw new Error('the parameters are not permitted')
      return fromJson(value['$params']!)
    },
  }),
}

/** The pairs of a hash whose keys aren't all symbols. */
export function pairsOf(hash: JsonHash): [Json, Json][] {
  return '$hash' in hash ? (hash['$hash'] as [Json, Json][]) : Object.entries(hash).map(([key, value]) => [{ $sym: key }, value])
}

/** A Ruby expression in JavaScript's spelling. */
export function expressionOf(source: string, flags: string): RegExp {
  const compact = flags.includes('x') ? source.replace(/(?<!\\)#.*$/gm, '').replace(/\s+/g, '') : source
  const spelled = compact
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/\\h/g, '[0-9a-fA-F]')
  // Properties of letters are asked for by a flag here.
  return new RegExp(spelled, flags.replace('m', 's').replace('x', '') + (/\\p\{/i.test(spelled) ? 'u' : ''))
}

function redirectOf(recorded: JsonHash): unknown {
  const status = recorded['status'] as number
  if (typeof recorded['path'] === 'string') return redirect(recorded['path'], { status })
  if ('options' in recorded) return redirect({ ...(fromJson(recorded['options']!) as object), status })
  return redirect(fromJson(recorded['block']!) as RedirectBlock, { status })
}

let standIns: ReadonlyMap<string, unknown> = new Map()

/** Says what the lambdas, classes and objects of a draw are, while `work` reads its values. */
export function withStandIns<T>(known: ReadonlyMap<string, unknown>, work: () => T): T {
  const outer = standIns
  standIns = known
  try {
    return work()
  } finally {
    standIns = outer
  }
}

function standIn(id: string): unknown {
  return standIns.get(id) ?? anything
}

const anything = () => false

/** A record of a class with this name. */
function recordOf(value: JsonHash): unknown {
  const name = (value['$obj'] as string).split('::').at(-1)!
  const record = { [name]: class {} }[name]!
  const instance = new record() as { id?: unknown; toParam: () => unknown }
  instance.id = value['id']
  instance.toParam = () => value['to_param'] ?? value['id']
  return instance
}
