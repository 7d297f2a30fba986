import { camelize } from '../../../../src/naming/index.ts'
import { modelOf } from '../../../../src/model/index.ts'
import { Evaluator, type Expression } from './evaluator.ts'

/** One model of the recording. */
export interface ModelSpec {
  readonly parent?: string
  readonly associations?: readonly (readonly [macro: string, name: string, options: Record<string, unknown>])[]
  readonly enums?: readonly (readonly [name: string, values: Record<string, unknown>, options: Record<string, unknown>])[]
  readonly scopes?: Record<string, { readonly ruby: string; readonly data: Lambda | { readonly $ruby: string } }>
  readonly default_scope?: string
}
interface Lambda {
  readonly $lambda: { readonly params: readonly string[]; readonly body: readonly Expression[] }
}

type Macros = Record<string, (...args: unknown[]) => unknown>
export type AnyModel = Macros & (new (attributes?: object) => Record<string, unknown>)

const Model = modelOf<{}>()

/** Declares the recorded models: associations, enums, scopes (as static methods) and subclasses. */
export function declareModels(specs: Record<string, ModelSpec>): Record<string, AnyModel> {
  const classes: Record<string, AnyModel> = {}
  const evaluator = new Evaluator(classes)
  for (const [name, spec] of Object.entries(specs)) {
    const parent = (spec.parent === undefined ? Model(name) : classes[spec.parent]!) as unknown as new () => object
    const model = { [name]: class extends parent {} }[name] as unknown as AnyModel
    classes[name] = model
    for (const [attribute, values, options] of spec.enums ?? []) model['enum']!(attribute, values, camelKeys(options))
    for (const [macro, association, options] of spec.associations ?? [])
      model[camelize(macro, 'lower')]!(association, associationOptions(options, evaluator))
    for (const [scope, { ruby, data }] of Object.entries(spec.scopes ?? {})) defineScope(model, scope, data, ruby, evaluator)
    if (spec.default_scope !== undefined) {
      const [, column, value] = /where\((\w+): (\w+)\)/.exec(spec.default_scope)!
      model['defaultScope']!((relation: Macros) => relation['where']!({ [column!]: JSON.parse(value!) }))
    }
  }
  return classes
}

function associationOptions(options: Record<string, unknown>, evaluator: Evaluator): Record<string, unknown> {
  const { _scope: scope, ...rest } = options as { _scope?: { ruby: string; data: Lambda | { $ruby: string } } }
  const decoded = camelKeys(rest)
  if (scope === undefined) return decoded
  return { ...decoded, scope: (relation: unknown) => scopeFunction(scope.data, scope.ruby, evaluator)(relation, []) }
}

/** Symbols of the recorded Ruby options are written `:name`. */
function camelKeys(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [camelize(key, 'lower'), typeof value === 'string' ? value.replace(/^:/, '') : value]),
  )
}

function defineScope(model: AnyModel, name: string, data: Lambda | { $ruby: string }, ruby: string, evaluator: Evaluator): void {
  const scope = scopeFunction(data, ruby, evaluator)
  const value = function (this: unknown, ...args: unknown[]) {
    return scope(this, args)
  }
  Object.defineProperty(model, camelize(name, 'lower'), { configurable: true, writable: true, value })
}

function scopeFunction(
  data: Lambda | { $ruby: string },
  ruby: string,
  evaluator: Evaluator,
): (relation: unknown, args: unknown[]) => unknown {
  if ('$lambda' in data) {
    const { params, body } = data.$lambda
    const names =
      params.length > 0 ? params : [...(/\((.*?)\)/.exec(ruby)?.[1] ?? '').matchAll(/(\w+)(?: =|,|$)/g)].map((match) => match[1]!)
    const defaults = [...ruby.matchAll(/(\w+) = (\d+)/g)].map(([, name, value]) => [name, Number(value)] as const)
    return (relation, args) => {
      const variables = new Map<string, unknown>(defaults as [string, unknown][])
      for (const [place, name] of names.entries()) if (place < args.length) variables.set(name, args[place])
      return evaluator.relation(body.at(-1)!, relation, variables)
    }
  }
  const conditional = /^->\((\w+)\) \{ where\((\w+): \1\) if \1 \}$/.exec(ruby)
  if (conditional !== null) {
    const where = (relation: unknown, value: unknown) => (relation as Macros)['where']!({ [conditional[2]!]: value })
    return (relation, [value]) => (value === null || value === undefined ? relation : where(relation, value))
  }
  throw new Error(`no reading of the scope ${ruby}`)
}
