import { argumentsOf, type CallNode, is, literalText, type RubyNode } from '../nodes.ts'
import type { Frame } from './frame.ts'
import { type Expression, recordOf, type ValueType } from './value_types.ts'

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
