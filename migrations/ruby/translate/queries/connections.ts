import { camelize } from '../../../../src/naming/index.ts'
import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, constantPath, is, literalText, type RubyNode } from '../../nodes.ts'
import { hashCode } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { blockFunction } from '../calls/functions.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, nothing } from '../value_types.ts'

/** Which databases a class runs on, and code that runs on others; undefined for any other call. */
export function connectionCall(call: CallNode, frame: Frame): Expression | undefined {
  const receiver = call.receiver as RubyNode | null
  if (call.name === 'connects_to' && isOwnClass(receiver, frame)) return declared(hashCode(argumentsOf(call).pairs, frame), frame)
  if (call.name === 'establish_connection' && isOwnClass(receiver, frame)) return established(call, frame)
  if (call.name !== 'connected_to' && call.name !== 'while_preventing_writes') return undefined
  const target = targetOf(receiver, frame)
  return target === undefined ? undefined : connected(call, target, frame)
}

function isOwnClass(receiver: RubyNode | null, frame: Frame): boolean {
  return frame.self.type.kind === 'class' && (!receiver || is(receiver, 'SelfNode'))
}

function declared(options: string, frame: Frame): Expression {
  if (/: '(?!primary')/.test(options)) frame.notes.add('config.database.others has to name its databases')
  return { code: `${frame.self.code}.connectsTo(${options})`, type: nothing }
}

function established(call: CallNode, frame: Frame): Expression {
  const name = literalText(argumentsOf(call).positional[0])
  if (name === undefined || name.includes('/')) throw new Untranslated(call, 'a database that is computed')
  return declared(`{ database: { writing: ${quote(name)} } }`, frame)
}

/** What is asked: a class with databases of its own, or all of them, which is the empty text. */
function targetOf(receiver: RubyNode | null, frame: Frame): string | undefined {
  const path = receiver && !is(receiver, 'SelfNode') ? constantPath(receiver)?.replace(/^::/, '') : undefined
  if (path === 'ActiveRecord::Base') return ''
  const name = path === undefined ? frame.owner : frame.application.resolve(path, frame.owner)
  if (name === undefined || (path === undefined && !isOwnClass(receiver, frame))) return undefined
  if (!frame.application.isModel(name)) return undefined
  if (path === undefined) return `${frame.self.code}.`
  const info = frame.application.classes.get(name)
  if (info?.isAbstract || info?.name === 'ApplicationRecord') return frame.application.isConnected(name) ? `${frame.className(name)}.` : ''
  return `${frame.className(name)}.`
}

function connected(call: CallNode, target: string, frame: Frame): Expression {
  const { pairs, positional } = argumentsOf(call)
  const block = blockFunction(call, frame)
  if (!block) throw new Untranslated(call, `${call.name} without a block`)
  const method = call.name === 'connected_to' ? 'connectedTo' : 'whilePreventingWrites'
  const isOff = positional.length > 0 || pairs.some((pair) => is(pair, 'AssocNode') && literalText(pair.key as RubyNode) === 'database')
  if (isOff || (method === 'connectedTo') !== pairs.length > 0) throw new Untranslated(call, `${call.name} with arguments of another kind`)
  const options = pairs.length > 0 ? [hashCode(pairs, frame, (key) => camelize(key, 'lower'))] : []
  const name = target === '' ? frame.imports.framework(method) : `${target}${method}`
  return { code: `${name}(${[...options, block.code].join(', ')})`, type: block.returns, ...(block.isAsync ? { pending: true } : {}) }
}
