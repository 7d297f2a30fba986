import { type Application, type ClassInfo, typeScriptName } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

const records = new Set(['ActiveRecord::Base', 'ApplicationRecord'])
const errors = /^(::)?(StandardError|RuntimeError|ArgumentError|Exception|IOError|KeyError|NotImplementedError|IndexError)$/

/** Classes of Rails that applications extend. */
const frameworkParents: Readonly<Record<string, string>> = {
  'ActiveSupport::CurrentAttributes': 'CurrentAttributes',
  'ActiveModel::EachValidator': 'EachValidator',
  'ActiveModel::Validator': 'Validator',
  'ActiveModel::Type::Value': 'ValueType',
  'ActiveRecord::Type::Value': 'ValueType',
}

function plainName(name: string | undefined): string {
  return name?.replace(/^::/, '') ?? ''
}

/** Whether a class or module becomes a function that adds to a class: concerns, modules that are included, abstract models. */
export function extendsMixin(info: ClassInfo, application: Application): boolean {
  if (info.kind === 'module') return true
  return isAbstractRecord(info, application) && !application.isConnected(info.name)
}

function isAbstractRecord(info: ClassInfo, _application: Application): boolean {
  return info.name === 'ApplicationRecord' || info.isAbstract === true
}

/** What a class extends, with `%` where `Model('…')` goes; undefined when nothing. */
export function parentOf(info: ClassInfo, context: ClassContext): string | undefined {
  const { application } = context
  const parent = application.resolveAbove(info.parent, info.name)
  const above = parent === undefined ? undefined : application.classes.get(parent)
  let base: string | undefined
  if (info.kind === 'module') base = '%'
  else if (application.isConnected(info.name)) base = aboveConnected(above, context)
  else if (above && application.isConnected(above.name)) base = '%'
  else if (above && isAbstractRecord(above, application))
    base = isEmptyBase(above) ? '%' : `${context.imports.classOf(above.name, application)}(%)`
  else if (above) base = context.imports.classOf(above.name, application)
  else if (info.parent !== undefined && records.has(info.parent.replace(/^::/, ''))) base = '%'
  else if (Object.hasOwn(frameworkParents, plainName(info.parent)))
    base = context.imports.framework(frameworkParents[plainName(info.parent)]!)
  else if (info.parent !== undefined && errors.test(info.parent)) base = 'Error'
  else if (info.parent !== undefined) base = foreignClass(plainName(info.parent), context)
  else if (application.isForm(info.name)) base = `${context.imports.framework('FormModel')}('${typeScriptName(info.name)}')`
  const mixins = info.includes.flatMap((include) => {
    const name = application.resolveAbove(include, info.name)
    const module = name === undefined ? undefined : application.classes.get(name)
    return module?.kind === 'module' && !module.isNamespace ? [module] : []
  })
  if (mixins.length === 0) return base === '%' && info.kind === 'module' ? 'Base' : base
  return mixins.reduce((inner, module) => `${context.imports.classOf(module.name, application)}(${inner})`, base ?? 'Object')
}

/** What an abstract class with databases of its own extends. */
function aboveConnected(above: ClassInfo | undefined, { application, imports }: ClassContext): string {
  return above && application.isConnected(above.name) ? imports.classOf(above.name, application) : imports.framework('AbstractModel')
}

/** The function that makes what a model extends: `Model`, or that of the abstract class whose databases it runs on. */
export function modelFunction(info: ClassInfo, { application, imports }: ClassContext): string {
  const connected = application.lineage(info.name).find(({ name }) => application.isConnected(name))
  return connected ? `${imports.framework('modelOf')}(${imports.classOf(connected.name, application)})` : imports.framework('Model')
}

/** A class of a gem, which nothing here defines. */
function foreignClass(name: string, context: ClassContext): string {
  return context.imports.unknownClass(name)
}

/** An `ApplicationRecord` that adds nothing: `Model('…')` stands for it. */
function isEmptyBase(info: ClassInfo): boolean {
  return (
    info.methods.size +
      info.staticMethods.size +
      info.constants.size +
      info.includes.length +
      info.associations.size +
      info.properties.size ===
      0 && info.isBare !== false
  )
}
