import { typeScriptName } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

/** Gives a class what `Struct.new` and `Data.define` give it: its fields, and a constructor that takes them by their names.
 *
 * @returns the class above it that has them, where its own constructor calls that
 */
export function addFields(context: ClassContext): string[] {
  const { info, application } = context
  if (!info.fields) return []
  const name = typeScriptName(info.name)
  const fields = info.fields.names.map((field) => `${field}: Untyped`)
  const base = baseOfFields(context)
  const copies = [
    ...(application.calls.has('to_h') && !info.methods.has('to_h') ? ['toHash() {\nreturn { ...this }\n}'] : []),
    ...(application.calls.has('with') && !info.methods.has('with') && base === undefined
      ? [`with(changes: Partial<${name}>) {\nreturn new ${name}({ ...this, ...changes })\n}`]
      : []),
  ]
  if (base !== undefined) {
    context.members.push(...copies)
    return [`class ${base} {\n${fields.join('\n')}\n\n${constructorOf(context)}\n}`]
  }
  context.fields.unshift(...fields)
  context.members.unshift(constructorOf(context), ...copies)
  return []
}

/** The class that has the fields of one with a constructor of its own. */
export function baseOfFields({ info }: ClassContext): string | undefined {
  return info.fields && info.methods.get('initialize')?.node ? `${typeScriptName(info.name)}Fields` : undefined
}

function constructorOf({ info }: ClassContext): string {
  const { names, isData } = info.fields!
  const taken = isData ? names : names.map((name) => `${name} = null`)
  const types = names.map((name) => `${name}${isData ? '' : '?'}: Untyped`)
  const given = `{ ${taken.join(', ')} }: { ${types.join('; ')} }${isData ? '' : ' = {}'}`
  return `constructor(${names.length === 0 ? '' : given}) {\n${names.map((name) => `this.${name} = ${name}`).join('\n')}\n}`
}
