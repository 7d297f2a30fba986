import { camelize } from '../../../src/naming/index.ts'
import { type CallNode, is, literalText, type RubyNode } from '../../ruby/index.ts'
import {
  type ClassInfo,
  delegatedNames,
  type Expression,
  type Frame,
  member,
  methodName,
  nameIn,
  present,
  typeScriptName,
  Untranslated,
  unknown,
  value,
} from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'
import type { Macro } from './macro.ts'
import { macroParts, memberName, optionNode } from './options.ts'

/** What a delegated method is asked of, and how. */
interface Target {
  readonly receiver: Expression
  /** The classes that it may be of; none where nobody knows. */
  readonly classes: readonly ClassInfo[]
  readonly isClass: boolean
  readonly dot: string
}

/** `delegate :name, to: :user`: methods that ask the other. */
export const delegate: Macro = (call, context, findings) => {
  const { pairs } = macroParts(call)
  const to = optionNode(pairs, 'to')
  if (!to) throw new Untranslated(call, 'delegate without a target')
  const dot = is(optionNode(pairs, 'allow_nil'), 'TrueNode') ? '?.' : '.'
  for (const { name, as } of delegatedNames(call)) {
    if (isDefined(as, call, context)) continue
    const frame = context.info.isStatic ? context.ofClass() : context.ofRecord()
    findings.frames.push(frame)
    const { result } = frame.inFunction(() => delegated(call, name, as, targetOf(to, dot, frame, context), frame))
    context.members.push(`${context.info.isStatic ? 'static ' : ''}async ${result}`)
  }
  return []
}

/** Whether a class delegates the same before, or defines it itself below. */
function isDefined(name: string, call: CallNode, { application, info, source, members }: ClassContext): boolean {
  const own = info.methods.get(name)
  const isOwn = own?.node && own.source === source && own.node.location.startOffset > call.location.startOffset
  const head = `${info.isStatic ? 'static ' : ''}async ${nameIn(info.name, name, Boolean(info.isStatic), application)}(`
  return Boolean(isOwn) || members.some((member) => member.startsWith(head))
}

function targetOf(to: RubyNode, dot: string, frame: Frame, context: ClassContext): Target {
  const name = literalText(to)
  if (name === 'class') {
    const info = context.info.kind === 'class' ? [context.info] : []
    const type = context.info.kind === 'class' ? `typeof ${typeScriptName(context.info.name)}` : 'Untyped'
    return { receiver: { code: `(this.constructor as ${type})`, type: unknown }, classes: info, isClass: true, dot }
  }
  const given = name === undefined ? value(to, frame) : frame.value(ownMember(name, context, frame))
  const receiver = dot === '.' ? present(given) : given
  const { model, kind } = receiver.type
  const classes = model === undefined ? (name === undefined ? [] : polymorphic(name, context)) : [context.application.classes.get(model)!]
  const isNull = dot === '.' && model === undefined && classes.length > 0
  return {
    receiver: isNull ? present({ ...receiver, type: { ...unknown, isNullable: true } }) : receiver,
    classes,
    isClass: kind === 'class',
    dot,
  }
}

/** The classes on the other side of a polymorphic association. */
function polymorphic(name: string, { application, info }: ClassContext): ClassInfo[] {
  if (!application.associationOf(info.name, name)?.polymorphic) return []
  return application.classesBehind(name)
}

/** The method's name, its parameters and its body. */
function delegated(call: CallNode, name: string, as: string, target: Target, frame: Frame): string {
  const { receiver, dot } = target
  const own = frame.owner === undefined ? methodName(as) : nameIn(frame.owner, as, frame.isStatic, frame.application)
  const writer = /^(\w+)=$/.exec(name)?.[1]
  if (writer !== undefined) return `set${camelize(as.slice(0, -1))}(value: Untyped) {\n${receiver.code}.${writer} = value\n}`
  if (!/^\w+[?!]?$/.test(name)) throw new Untranslated(call, `delegates the operator ${name}`)
  const found = target.classes.map((info) => memberOf(info, name, target, frame))
  const [first] = found
  if (first?.isProperty && found.every((each) => each?.isProperty)) return `${own}() {\nreturn ${receiver.code}${dot}${first.code}\n}`
  if (first && found.every((each) => each !== undefined) && found.some((each) => each!.isProperty !== first.isProperty))
    return `${own}(): Promise<Untyped> {\nconst held = (${receiver.code}) as Untyped\nreturn typeof held${dot}${methodName(name)} === 'function' ? held.${methodName(name)}() : held${dot}${name}\n}`
  if (first && found.every((each) => each?.parameters === '')) return `${own}() {\nreturn ${receiver.code}${dot}${methodName(name)}()\n}`
  if (first && found.length === 1)
    return `${own}(...args: Parameters<${first.parameters}>) {\nreturn ${receiver.code}${dot}${methodName(name)}(...args)\n}`
  return `${own}(...args: Untyped[]) {\nreturn (${receiver.code.replace(/!$/, '')} as Untyped)${dot}${methodName(name)}(...args)\n}`
}

/** What a class has by a name: a property, or a method with the type of its parameters. */
function memberOf(info: ClassInfo, name: string, { receiver, isClass }: Target, frame: Frame) {
  const { application } = frame
  const method = application.methodOf(info.name, name, isClass)
  if (method && !method.isProperty && !(application.columnsOf(info.name)?.has(name) && !isClass)) {
    const own = frame.typeName(info.name)
    if (method.node && own === undefined) return undefined
    const parameters = method.node?.parameters || method.delegates ? `${isClass ? `(typeof ${own})` : own}['${methodName(name)}']` : ''
    return { isProperty: false, code: '', parameters }
  }
  const read = member({ code: '', type: { kind: isClass ? 'class' : 'record', model: info.name } }, name, [], frame, '')
  if (!read || /[(]/.test(read.code) || receiver.code === '') return undefined
  return { isProperty: true, code: read.code, parameters: '' }
}

function ownMember(name: string, context: ClassContext, frame: Frame): Expression {
  if (name.startsWith('@')) return { code: `${frame.self.code}.${name.replace(/^@/, '_')}`, type: unknown }
  const found = member(frame.self, name, [], frame)
  if (found) return found
  if (context.application.associationOf(context.info.name, name)) return { code: `this.${name}`, type: unknown, pending: true }
  return memberName(name, context) === name
    ? { code: `this.${name}`, type: unknown }
    : { code: `(this as Untyped).${methodName(name)}()`, type: unknown }
}
