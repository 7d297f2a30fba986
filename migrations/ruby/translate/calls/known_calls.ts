import { argumentsOf, type CallNode, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { ourWord } from '../../../../src/naming/words.ts'
import { argumentCodes, memberCall } from './calls.ts'
import type { Frame } from '../frame.ts'
import { recordMembers } from '../classes/members.ts'
import { commonType, type Expression, recordOf, type ValueType } from '../value_types.ts'

/** Whether a call gives a method less than it takes: what is called then is another of the name, in a class below. */
export function lacksArguments(node: CallNode, { code, type }: Expression, { application }: Frame): boolean {
  const method =
    type.model === undefined || code !== 'this' ? undefined : application.methodOf(type.model, node.name, type.kind !== 'record')
  const parameters = method?.node?.parameters as NodeOf<'ParametersNode'> | null | undefined
  const { positional, pairs } = argumentsOf(node)
  if (
    !parameters ||
    pairs.length > 0 ||
    positional.some((each) => !is(each, 'StringNode', 'LocalVariableReadNode', 'IntegerNode', 'CallNode'))
  )
    return false
  return Boolean(node.arguments_) && positional.length < parameters.requireds.length
}

/** The column that `read_attribute(:title)` reads. */
export function columnRead(node: CallNode, model: string, { application }: Frame): ValueType | undefined {
  const name = node.name === 'read_attribute' ? literalText(argumentsOf(node).positional[0]) : undefined
  return name === undefined ? undefined : application.columnsOf(model)?.get(name)
}

/** The model of what `build_profile` and `create_profile` make; undefined for any other method. */
export function madeThrough({ kind, model }: Expression['type'], name: string, frame: Frame): string | undefined {
  const association = /^(?:build|create)_(\w+?)!?$/.exec(name)?.[1]
  if (association === undefined || kind !== 'record' || model === undefined) return undefined
  if (frame.application.methodOf(model, name, false)) return undefined
  const found = frame.application.associationOf(model, association)
  return found?.many ? undefined : found?.model
}

/** The attributes of such a call, as `create` takes them. */
export function bareMaker(node: CallNode): CallNode {
  return Object.create(node, { name: { value: 'create' } }) as CallNode
}

/** `proxy_association.owner` in the methods of an association's block. */
export function collectionOwner(node: CallNode, { self }: Frame): Expression | undefined {
  const asked = node.receiver as RubyNode
  if (node.name !== 'owner' || !is(asked, 'CallNode') || asked.receiver || asked.name !== 'proxy_association') return undefined
  const model = self.type.kind === 'collection' ? self.type.extended?.[0] : undefined
  if (model === undefined) return undefined
  return { code: `(${self.code} as Untyped).owner`, type: recordOf(model) }
}

/** A member that records of several classes have alike; undefined where they differ. */
export function memberOfEach(
  node: CallNode,
  { code }: Expression,
  classes: readonly string[],
  frame: Frame,
  dot: string,
): Expression | undefined {
  const found = classes.map((model) => memberCall(node, { code, type: recordOf(model) }, frame, dot))
  const [first, ...others] = found
  if (!first || others.some((each) => each?.code !== first.code || each.pending !== first.pending)) return undefined
  return { ...first, type: found.map((each) => each!.type).reduce(commonType) }
}

/** What every record answers, where nobody knows of which class it is, and no class has a method of its own by that name. */
export function memberOfAnyRecord(node: CallNode, receiver: Expression, frame: Frame, dot: string): Expression | undefined {
  const standard = Object.hasOwn(recordMembers, node.name) ? recordMembers[node.name] : undefined
  if (!standard?.pending || !node.name.endsWith('!') || frame.application.knowsMethod(node.name)) return undefined
  const code = `(${receiver.code} as Untyped)${dot}${standard.as ?? ourWord(node.name)}(${argumentCodes(node, frame).join(', ')})`
  return { code, type: standard.type ?? receiver.type, pending: true }
}
