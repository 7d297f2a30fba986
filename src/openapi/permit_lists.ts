import { classify, singularize } from '../naming/index.ts'
import type { ControllerClass } from './controller_class.ts'
import type { Schema } from './document.ts'
import type { ModelSchemas } from './model_schemas.ts'
import { visitReachable } from './reachable_code.ts'
import { child, children, memberName, memberOfThis, propertiesOf, type SyntaxNode, textOf, textsOf } from './syntax.ts'

/** What an action reads of its parameters, as far as its source says so literally. */
export interface ReadParameters {
  /** Objects that are required under a name: `require('order').permit(…)`. */
  readonly roots: ReadonlyMap<string, Schema>
  /** Permitted without a root, or read one by one. */
  readonly loose: ReadonlyMap<string, Schema>
  /** Names in `loose` that were permitted, not only read. */
  readonly permitted: ReadonlySet<string>
}

const readers: Record<string, Schema> = {
  get: { type: 'string' },
  string: { type: 'string' },
  fetch: { type: 'string' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
}

/** Reads the permit lists and single reads of an action and of the controller's methods that it calls.
 * @param model the model that the controller is named for */
export function readParameters(
  lineage: readonly ControllerClass[],
  action: string,
  models: ModelSchemas,
  model: string | undefined,
): ReadParameters {
  const roots = new Map<string, Schema>()
  const loose = new Map<string, Schema>()
  const permitted = new Set<string>()
  const permit = (root: string | undefined, entries: readonly SyntaxNode[]): void => {
    const owner = root === undefined ? model : (modelNamed(root, models) ?? model)
    const schema = permitSchema(entries, owner, models)
    if (root !== undefined) return void roots.set(root, mergeObjects(roots.get(root), schema))
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      loose.set(name, property)
      permitted.add(name)
    }
  }
  visitReachable(lineage, action, (node) => {
    if (node.type === 'MemberExpression' && node['computed'] && isParams(child(node, 'object'))) {
      const name = textOf(child(node, 'property'))
      if (name !== undefined && !loose.has(name)) loose.set(name, { type: 'string' })
    }
    if (node.type !== 'CallExpression') return
    const callee = child(node, 'callee')
    const target = child(callee, 'object')
    const method = memberName(callee)
    const args = children(node, 'arguments')
    if (method === 'permit' && isParams(target)) permit(undefined, args)
    else if (method === 'permit' && isRequire(target)) for (const root of textsOf(children(target, 'arguments')[0])) permit(root, args)
    else if (method === 'require' && isParams(target)) for (const root of textsOf(args[0])) roots.set(root, roots.get(root) ?? {})
    else if ((method === 'expect' || method === 'expectOrThrow') && isParams(target)) expectEntries(args, permit)
    else if (method !== undefined && Object.hasOwn(readers, method) && isParams(target)) {
      const name = textOf(args[0])
      if (name !== undefined && !permitted.has(name)) loose.set(name, readers[method] as Schema)
    }
  })
  for (const root of roots.keys()) loose.delete(root)
  return { roots, loose, permitted }
}

/** The model that a key is named for, when there is one. */
export function modelNamed(key: string, models: ModelSchemas): string | undefined {
  const name = classify(
    key
      .replace(/_attributes$/, '')
      .split('/')
      .at(-1) ?? key,
  )
  return models.has(name) ? name : undefined
}

function isParams(node: SyntaxNode | undefined): boolean {
  return memberOfThis(node) === 'params'
}

function isRequire(node: SyntaxNode | undefined): node is SyntaxNode {
  const callee = node?.type === 'CallExpression' ? child(node, 'callee') : undefined
  return memberName(callee) === 'require' && isParams(child(callee, 'object'))
}

/** `expect('id')`, `expect({ order: ['amount', { tags: [] }] })` */
function expectEntries(args: readonly SyntaxNode[], permit: (root: string | undefined, entries: readonly SyntaxNode[]) => void): void {
  for (const arg of args) {
    if (textOf(arg) !== undefined) permit(undefined, [arg])
    for (const [root, list] of propertiesOf(arg)) permit(root, list.type === 'ArrayExpression' ? children(list, 'elements') : [])
  }
}

function permitSchema(entries: readonly SyntaxNode[], model: string | undefined, models: ModelSchemas): Schema {
  const properties: Record<string, Schema> = {}
  const set = (name: string, schema: Schema) =>
    Object.defineProperty(properties, name, { value: schema, enumerable: true, configurable: true })
  for (const entry of entries) {
    const name = textOf(entry)
    if (name !== undefined) set(name, models.attributeSchema(model, name) ?? {})
    else if (entry.type === 'ArrayExpression')
      Object.assign(properties, permitSchema(children(entry, 'elements'), model, models).properties)
    else for (const [key, value] of propertiesOf(entry)) set(key, nestedSchema(key, value, models))
  }
  return { type: 'object', properties }
}

/** `[]` permits a list of scalars, `{}` any object, a list of names an object, or a list of objects where the key is a plural. */
function nestedSchema(key: string, value: SyntaxNode, models: ModelSchemas): Schema {
  if (value.type !== 'ArrayExpression') return { type: 'object' }
  const elements = children(value, 'elements')
  if (elements.length === 0) return { type: 'array', items: {} }
  const object = permitSchema(elements, modelNamed(key, models), models)
  const isList = elements[0]?.type === 'ArrayExpression' || singularize(key) !== key
  return isList && !key.endsWith('_attributes') ? { type: 'array', items: object } : object
}

function mergeObjects(one: Schema | undefined, other: Schema): Schema {
  return one?.properties ? { ...one, properties: { ...one.properties, ...other.properties } } : other
}
