import { argumentsOf, type CallNode, childrenOf, is, type RubyNode } from '../../nodes.ts'
import type { Application } from './application.ts'
import { serialized } from './read_classes.ts'

/** Notes the columns that macros of the application itself give to `serialize`, which hold data of any shape then. */
export function noteSerialized(application: Application): void {
  for (const info of application.classes.values())
    for (const { name, given } of info.macros)
      if (serializes(name, info.name, application))
        for (const column of given) if (application.columnsOf(info.name)?.has(column)) info.properties.set(column, serialized)
}

/** Whether a class method gives what it is given to `serialize`, by itself or through others of the class. */
function serializes(name: string, model: string, application: Application, seen: ReadonlySet<string> = new Set()): boolean {
  const method = seen.has(name) ? undefined : application.methodOf(model, name, true)
  return callsWithVariable(method?.node as RubyNode | undefined).some(
    (each) => each === 'serialize' || serializes(each, model, application, new Set([...seen, name])),
  )
}

/** The names of calls on the class below a node that are given a variable first. */
function callsWithVariable(node: RubyNode | undefined): string[] {
  if (!node) return []
  const below = childrenOf(node).flatMap(callsWithVariable)
  return is(node, 'CallNode') && !node.receiver && isGivenVariable(node) ? [node.name, ...below] : below
}

function isGivenVariable(call: CallNode): boolean {
  const [first] = argumentsOf(call).positional
  const given = is(first, 'SplatNode') ? (first.expression as RubyNode | null) : first
  return is(given, 'LocalVariableReadNode')
}
