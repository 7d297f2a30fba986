import { camelize } from '../../src/naming/index.ts'
import type { RubyNode } from '../ruby/index.ts'
import { type Frame, Untranslated } from '../ruby/translate/index.ts'
import { usesOfNames } from '../typescript/index.ts'
import type { ClassContext } from './class_context.ts'

/** Refuses code of a class's body that needs, while the class is loaded, what isn't there: nothing of the application could be loaded then.
 *
 * @param text the class, as it would be written
 * @throws Untranslated for a constant that nothing in the application defines or that was left, and for the application, which doesn't run yet;
 * what another file of the application defines is noted, so that it is ported as well
 */
export function refuseMissingNames(node: RubyNode, text: string, { imports, application }: ClassContext): void {
  for (const name of usesOfNames(text)?.whileLoading ?? []) {
    if (imports.isUnknown(name))
      throw new Untranslated(node, `nothing in the application defines ${name}, which is needed while it is loaded`)
    const file = imports.fileOf(name)
    if (file !== undefined && application.written?.has(file) === false) {
      if (!isPortable(file)) throw new Untranslated(node, `${name} is needed while it is loaded, and no port writes ${file}`)
      application.needed.add(file)
    }
    if (application.leftConstants.has(name)) throw new Untranslated(node, `${name} is left as Ruby`)
    if (name === 'application' && imports.hasFramework(name))
      throw new Untranslated(node, 'it asks the application, which does not run yet when its classes are loaded')
  }
}

/** Whether a file beside the models can be ported with them, as what they are made of: anything but what other parts of Rails are made of. */
function isPortable(file: string): boolean {
  return (
    /^(app|lib)\//.test(file) && !/^app\/(jobs|mailers|channels|controllers|helpers|components|policies|serializers|graphql)\//.test(file)
  )
}

/** Refuses statements of a class's body that call methods of the class which nothing defines. */
export function refuseMissingMethods(node: RubyNode, lines: readonly string[], { unknownNames }: Frame): void {
  if (unknownNames.size === 0) return
  const used = usesOfNames(`class X {\nstatic {\n${lines.join('\n')}\n}\n}`)?.whileLoading
  for (const name of unknownNames)
    if (used?.has(`this.${camelize(name, 'lower')}`)) throw new Untranslated(node, `nothing in the application defines ${name}`)
}
