import { argumentsOf, type CallNode, constantPath, is } from '../ruby/index.ts'
import { formModules, isUrlHelpers, typeScriptName } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

/** Modules of the application are mixed in; those of Ruby and gems are left. */
export function included(node: CallNode, context: ClassContext): void {
  for (const argument of argumentsOf(node).positional) {
    const path = constantPath(argument)
    const construct = `${node.name} ${path ?? context.source.slice(argument)}`
    if (isUrlHelpers(argument) || formModules.has(path?.replace(/^::/, '') ?? '')) context.report(node, construct, 'ported')
    else if (path === 'Singleton') singleton(node, construct, context)
    else if (path === 'ActiveSupport::Concern' || is(argument, 'SelfNode')) context.report(node, construct, 'ported')
    else if (path !== undefined && context.application.resolve(path, context.info.name) !== undefined)
      context.report(node, construct, 'ported')
    else context.leave(node, construct, path === undefined ? 'what is included is computed' : `${path} is not part of the application`)
  }
}

/** The only instance, made when it is first asked for. */
function singleton(node: CallNode, construct: string, context: ClassContext): void {
  const name = typeScriptName(context.info.name)
  context.fields.push(`static #instance: ${name} | undefined`)
  context.members.push(`static get instance(): ${name} {\nreturn (${name}.#instance ??= new ${name}())\n}`)
  context.report(node, construct, 'ported')
}
