import type { NodeOf } from '../ruby/index.ts'
import { methodName, typeScriptName } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

/** What was left of a method throws, and takes what it took. */
export function unportedMethod(node: NodeOf<'DefNode'>, isStatic: boolean, { source }: ClassContext): string {
  return `${isStatic ? 'static ' : ''}${methodName(node.name)}(..._given: Untyped[]): Untyped {\nthrow new Error('${source.file}:${source.lineOf(node)} is not ported')\n}`
}

/** What was left of a constructor throws, and takes what it took. */
export function unportedConstructor(node: NodeOf<'DefNode'>, { source }: ClassContext): string {
  return `constructor(..._given: Untyped[]) {\nthrow new Error('${source.file}:${source.lineOf(node)} is not ported')\n}`
}

/** What was left of a constant throws where it is read. */
export function unportedConstant(node: NodeOf<'ConstantWriteNode'>, { source }: ClassContext): string {
  return `static get ${node.name}(): Untyped {\nthrow new Error('${source.file}:${source.lineOf(node)} is not ported')\n}`
}

/** What was left of a constant of a file of functions: code that reads it runs into what it lacks. */
export function unportedOfNamespace(node: NodeOf<'ConstantWriteNode'>): string {
  return `declare const ${node.name}: Untyped`
}

/** What was left of a constant of a module throws where it is asked of the module. */
export function unportedOfModule(name: string, { info, source }: ClassContext): string {
  const error = `new Error('${source.file}: ${name} is not ported')`
  return `Object.defineProperty(${typeScriptName(info.name)}, '${name}', { get: () => { throw ${error} } })`
}
