import type { ClassInfo, MethodInfo, ValueType } from '../ruby/translate/index.ts'
import { recordMembers } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

/** Lets methods of one name in a class, above it and in what it includes wait where one of them does: who calls it doesn't know which answers.
 *
 * @returns whether one waits that didn't before
 */
export function waitTogether(contexts: readonly ClassContext[]): boolean {
  let changed = false
  for (const { application, info } of contexts) {
    for (const isStatic of [false, true]) {
      const byName = methodsByName(application.lineage(info.name), isStatic)
      for (const [name, methods] of byName) {
        if (isRead(name, info.name, application)) continue
        if (methods.length > 1 && !isWriter(name)) for (const method of methods) method.isShared = true
        const [nearest, ...above] = isWriter(name) ? [] : methods
        for (const method of above) if (!isSame(method.returns, nearest!.returns)) method.isAnsweredOtherwise = true
        const isAwaited =
          methods.some(({ isAsync }) => isAsync) || (!isStatic && application.isModel(info.name) && Boolean(standard(name)?.pending))
        if (!isAwaited) continue
        for (const method of methods) {
          if (method.isAsync || method.mustWait) continue
          method.mustWait = true
          changed = true
        }
      }
    }
  }
  return changed
}

/** Whether two methods answer the same type, for all that is known. */
function isSame(left: ValueType, right: ValueType): boolean {
  const isPlain = /^(text|number|boolean|time|date|record)$/.test(left.kind)
  return isPlain && left.kind === right.kind && left.model === right.model && Boolean(left.isNullable) === Boolean(right.isNullable)
}

function methodsByName(lineage: readonly ClassInfo[], isStatic: boolean): Map<string, MethodInfo[]> {
  const byName = new Map<string, MethodInfo[]>()
  for (const { methods, staticMethods } of lineage)
    for (const method of (isStatic ? staticMethods : methods).values())
      if (method.node && (isPlain(method.name) || isWriter(method.name)))
        byName.set(method.name, [...(byName.get(method.name) ?? []), method])
  return byName
}

/** A writer that has to wait is a method of its own, and so are those below it. */
function isWriter(name: string): boolean {
  return /^[a-z_]\w*=$/.test(name)
}

/** A constructor isn't waited for, nor what the framework calls without waiting. */
function isPlain(name: string): boolean {
  return !/^(initialize|to_s)$|^[a-z_]\w*=$/.test(name) && !synchronous.has(name)
}

/** What stands in for a column or an association is read like one. */
function isRead(name: string, model: string, application: ClassContext['application']): boolean {
  return Boolean(application.columnsOf(model)?.has(name)) || application.associationOf(model, name) !== undefined
}

function standard(name: string) {
  return Object.hasOwn(recordMembers, name) ? recordMembers[name] : undefined
}

/** Methods of records that are called without waiting. */
export const synchronous = new Set('as_json serializable_hash to_param to_key cache_key cache_version attributes'.split(' '))
