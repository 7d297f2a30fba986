import { camelize } from '../../../../src/naming/index.ts'
import { modelOf } from '../../../../src/model/index.ts'
import { decodedOptions } from './values.ts'

export type Operation = [kind: string, ...args: unknown[]]
export type Proceed = () => Promise<unknown>
type Declared = [macro: string, operations: Operation[], options?: Record<string, unknown>]

/** What a case says of a model. */
export interface ModelSpec {
  readonly parent?: string
  readonly extra?: [macro: string, ...args: unknown[]][]
  readonly before_assoc?: Declared[]
  readonly associations?: [macro: string, name: string, options?: Record<string, unknown>][]
  readonly nested?: [association: string, options?: Record<string, unknown>][]
  readonly validations?: [macro: string, ...args: unknown[]][]
  readonly callbacks?: Declared[]
}

type Members = Record<string, (...args: readonly unknown[]) => unknown>
export type AnyRecord = Members & { readonly constructor: { readonly name: string } }
export type AnyModel = Members & (new (attributes?: object) => AnyRecord)
/** Runs what a callback of a case does. */
export type Perform = (operations: readonly Operation[], record: AnyRecord, proceed: Proceed | undefined) => unknown

const Model = modelOf<{}>()

/** The classes of a case, declared in the order of Rails' recording. */
export function declareModels(specs: Record<string, ModelSpec>, tables: readonly string[], perform: Perform): Record<string, AnyModel> {
  const classes: Record<string, AnyModel> = {}
  for (const [name, spec] of Object.entries(specs)) classes[name] = declareModel(name, spec, classes, perform)
  for (const name of tables) classes[name] ??= declareModel(name, {}, classes, perform)
  return classes
}

function declareModel(name: string, spec: ModelSpec, classes: Record<string, AnyModel>, perform: Perform): AnyModel {
  const base = (spec.parent === undefined ? Model(name) : classes[spec.parent]) as unknown as new () => object
  const model = { [name]: class extends base {} }[name] as unknown as AnyModel
  for (const [macro, ...args] of spec.extra ?? []) Reflect.set(model, camelize(macro.replace('=', ''), 'lower'), args[0])
  for (const declared of spec.before_assoc ?? []) declareCallback(model, declared, perform)
  for (const [macro, association, options = {}] of spec.associations ?? [])
    model[camelize(macro, 'lower')]!(association, decodedOptions(options))
  for (const [association, options = {}] of spec.nested ?? []) model['acceptsNestedAttributesFor']!(association, decodedOptions(options))
  for (const [macro, ...args] of spec.validations ?? [])
    model[camelize(macro, 'lower')]!(...args.map((arg) => (typeof arg === 'string' ? arg : decodedOptions(arg as Record<string, unknown>))))
  for (const declared of spec.callbacks ?? []) declareCallback(model, declared, perform)
  return model
}

function declareCallback(model: AnyModel, [macro, operations, options = {}]: Declared, perform: Perform): void {
  const { name, ...rest } = decodedOptions(options)
  const method = camelize(macro, 'lower')
  if (typeof name !== 'string') {
    model[method]!((record: AnyRecord, proceed?: Proceed) => perform(operations, record, proceed), rest)
    return
  }
  Object.defineProperty(model.prototype, name, {
    configurable: true,
    value: function (this: AnyRecord, proceed?: Proceed) {
      return perform(operations, this, proceed)
    },
  })
  model[method]!(name, rest)
}
