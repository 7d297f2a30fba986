import type { Declarations } from '../declarations.ts'
import type { FieldMetadata } from '../metadata.ts'
import type { ModelInfo } from '../model_info.ts'
import type { AssociationDeclaration } from './declaration.ts'
import { manyToMany } from './many_to_many.ts'
import { Reflection } from './reflection.ts'

/** The associations of a model by name: the declared ones, then those that only the schema knows. */
export function reflectionsOf(info: ModelInfo, declarations: readonly Declarations[]): Map<string, Reflection> {
  const fields = new Map(info.schema.metadata.fields.filter((field) => field.kind === 'relation').map((field) => [field.name, field]))
  const nested = new Set(declarations.flatMap((each) => each.nested.map(({ association }) => association)))
  const reflections = new Map<string, Reflection>()
  const add = (declaration: AssociationDeclaration, field: FieldMetadata | undefined, isDeclared: boolean): void => {
    const both = declaration.kind === 'hasMany' ? manyToMany(info, declaration, field) : undefined
    for (const each of both ?? [declaration])
      reflections.set(each.name, new Reflection(info, autosaved(each, nested), both === undefined ? field : undefined, isDeclared))
  }
  for (const { associations } of declarations) {
    for (const declaration of associations) {
      const field = declaration.options.through === undefined ? fields.get(declaration.name) : undefined
      add(declaration, field, true)
    }
  }
  for (const field of fields.values()) {
    if (!reflections.has(field.name)) add(declarationOf(field), field, false)
  }
  return reflections
}

/** Records that take attributes through their owner are saved with it. */
function autosaved(declaration: AssociationDeclaration, nested: ReadonlySet<string>): AssociationDeclaration {
  if (!nested.has(declaration.name)) return declaration
  return { ...declaration, options: { ...declaration.options, autosave: true } }
}

function declarationOf(field: FieldMetadata): AssociationDeclaration {
  const kind = field.list ? 'hasMany' : (field.relation?.fields.length ?? 0) > 0 ? 'belongsTo' : 'hasOne'
  return { kind, name: field.name, sequence: 0, options: {} }
}
