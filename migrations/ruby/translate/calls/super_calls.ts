import { type CallNode, childrenOf, is, type NodeOf, type RubyNode } from '../../nodes.ts'
import { typeScriptName } from '../classes/application.ts'
import { argumentCodes, omitted, positionalCount, takesOptions } from './calls.ts'
import type { MethodInfo } from '../classes/class_info.ts'
import type { Frame } from '../frame.ts'
import { blockFunction } from './functions.ts'
import { methodName, recordMembers } from '../classes/members.ts'
import { isCurrent } from '../classes/read_classes.ts'
import { structArguments } from './struct_calls.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, text, unknown } from '../value_types.ts'

/** `super`, with the arguments of the method or those given. */
export function superCall(node: NodeOf<'SuperNode'> | NodeOf<'ForwardingSuperNode'>, frame: Frame): Expression {
  const { method } = frame
  if (method === undefined) throw new Untranslated(node as RubyNode, 'super outside of a method')
  const above = frame.owner === undefined ? undefined : methodAbove(frame.owner, method, frame)
  const args = is(node as RubyNode, 'SuperNode')
    ? argumentCodes(node as NodeOf<'SuperNode'>, frame, above)
    : [...frame.parameters, ...blockPassedOn(node as NodeOf<'ForwardingSuperNode'>, above, frame)]
  if (method === 'message' && isOwnMessage(frame)) {
    frame.instanceVariables.add('_message')
    return { code: 'this._message', type: { ...text, isNullable: true, isOptional: true } }
  }
  if (method === 'initialize' && args.length > 0 && isOwnMessage(frame)) {
    frame.instanceVariables.add('_message')
    frame.application.noteVariable(frame.owner!, 'message', false, text)
    return { code: `super()\nthis._message = ${args[0]}`, type: unknown }
  }
  const ofFields =
    method === 'initialize' && is(node as RubyNode, 'SuperNode') && frame.owner !== undefined
      ? structArguments(node as NodeOf<'SuperNode'>, frame.owner, frame, true)
      : undefined
  if (method === 'initialize') return { code: `super(${ofFields ?? args.join(', ')})`, type: unknown }
  const columns = frame.owner === undefined ? undefined : frame.application.columnsOf(frame.owner)
  const name = method.replace(/(?<=\w)=$/, '')
  const owner = frame.owner === undefined ? undefined : frame.application.classes.get(frame.owner)
  if (owner && isCurrent(owner) && owner.properties.has(name))
    return method.endsWith('=')
      ? { code: `this.writeAttribute('${name}', ${args[0] ?? 'null'})`, type: unknown }
      : { code: `this.readAttribute('${name}')`, type: unknown }
  if (columns?.has(name))
    return method.endsWith('=')
      ? { code: `super.${name} = ${args[0] ?? 'value'}`, type: unknown }
      : { code: `super.${name}`, type: columns.get(name)! }
  if (owner && frame.application.associationOf(owner.name, method)) return { code: `super.${method}`, type: unknown, pending: true }
  if (owner?.kind === 'class' && method !== name && frame.application.associationOf(owner.name, name))
    return { code: associationAbove(owner.name, name, args[0] ?? 'value'), type: unknown }
  if (method === 'to_json' && !above && owner && frame.application.isModel(owner.name)) return jsonText(args, frame)
  const standard = Object.hasOwn(recordMembers, method) ? recordMembers[method] : undefined
  if (!above && !standard && owner?.kind === 'class' && frame.application.isModel(owner.name) && isOfGem(method))
    throw new Untranslated(node as RubyNode, `super of ${method}, which a gem defines`)
  const isAsync = standard?.pending ?? frame.application.isAsyncSomewhere(method)
  return {
    code: `super.${standard?.as ?? methodName(name)}(${args.join(', ')})`,
    type: standard?.type ?? unknown,
    ...(isAsync ? { pending: true } : {}),
  }
}

/** Methods that Devise gives to records, which their classes override. */
function isOfGem(method: string): boolean {
  return /^(active_for_authentication\?|inactive_message|send_devise_notification|after_confirmation|password_required\?|email_required\?)$/.test(
    method,
  )
}

/** Assigns an association past the accessors of the class itself: the compiler takes none of `super` for one that is written. */
export function associationAbove(model: string, name: string, code: string): string {
  return `Reflect.set(Object.getPrototypeOf(${typeScriptName(model)}.prototype) as object, '${name}', ${code}, this)`
}

/** What a record's own `to_json` goes on to: the text of what `as_json` answers. */
function jsonText(args: readonly string[], frame: Frame): Expression {
  const isAsync = frame.application.isAsyncSomewhere('as_json')
  if (isAsync) frame.isAsync = true
  return { code: `JSON.stringify(${isAsync ? 'await ' : ''}this.asJson(${args.join(', ')}))`, type: text }
}

/** Whether a class of errors says its message itself: what the constructor above is given would stand before it. */
function isOwnMessage({ owner, application }: Frame): boolean {
  return owner !== undefined && Boolean(application.classes.get(owner)?.methods.get('message')?.isProperty)
}

/** The method that `super` calls. */
function methodAbove(owner: string, name: string, frame: Frame): MethodInfo | undefined {
  const [, ...above] = frame.application.lineage(owner)
  const isModule = frame.application.classes.get(owner)?.kind === 'module'
  const found = isModule ? undefined : above.map((info) => (frame.isStatic ? info.staticMethods : info.methods).get(name)).find(Boolean)
  return found?.node && found
}

/** A block goes on to the method above without a word, where that takes one. */
function blockPassedOn(node: NodeOf<'ForwardingSuperNode'>, above: MethodInfo | undefined, frame: Frame): string[] {
  const own = node.block ? blockFunction(node as unknown as CallNode, frame) : undefined
  if (!above?.node) return own ? [own.code] : []
  const before = omitted(frame.parameters.length, positionalCount(above) + (takesOptions(above) ? 1 : 0))
  if (own) return [...before, own.code]
  if (!takesBlock(above.node)) return []
  if (frame.block === undefined) frame.mayLackBlock = true
  frame.block ??= 'block'
  return [...before, frame.mayLackBlock ? `${frame.block}!` : frame.block]
}

/** Whether a method names its block, or yields to it. */
export function takesBlock(node: NodeOf<'DefNode'>): boolean {
  const yields = (each: RubyNode): boolean =>
    is(each, 'YieldNode') || (is(each, 'CallNode') && each.name === 'block_given?') || childrenOf(each).some(yields)
  return Boolean((node.parameters as NodeOf<'ParametersNode'> | null)?.block) || (node.body !== null && yields(node.body as RubyNode))
}
