import { didYouMean } from '../../naming/index.ts'
import { currentBinding, findModel, registeredModels } from '../binding.ts'
import { UnknownModel } from '../errors.ts'
import { baseModel } from '../model_factory.ts'
import { infoOf } from '../model_info.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'
import type { Relation } from '../relation/relation.ts'
import { type GlobalIdParts, parseGlobalId } from './global_id.ts'

/** What may be found. */
export interface LocateOptions {
  /** Classes whose records are wanted: others are not looked for. */
  readonly only?: object | readonly object[]
  /** Associations to load with them. */
  readonly includes?: readonly (string | object)[] | string | object
}

/** Finds the record that a GlobalID names; null for a text that is none, and for classes other than those wanted.
 * @throws RecordNotFound when the row is gone
 * @throws UnknownModel when no class has the name
 * @example await locateRecord('gid://app/Article/1', { only: Article })
 */
export async function locateRecord(globalId: unknown, options: LocateOptions = {}): Promise<ModelRecord | null> {
  const parts = parseGlobalId(globalId)
  return parts === null ? null : locate(parts, options)
}

/** Finds the records that GlobalIDs name, in their order, with one query for each class. What is no GlobalID is left out.
 * @param options.ignoreMissing leaves rows out that are gone
 * @throws RecordNotFound when a row is gone
 */
export async function locateRecords(
  globalIds: readonly unknown[],
  options: LocateOptions & { readonly ignoreMissing?: boolean } = {},
): Promise<ModelRecord[]> {
  const wanted = globalIds.flatMap((globalId) => {
    const parts = parseGlobalId(globalId)
    if (parts === null) return []
    const model = modelOf(parts)
    return isWanted(model, options) && hasKeyOf(model, parts) ? [{ model, name: nameOf(parts.modelId), id: parts.modelId }] : []
  })
  const found = new Map<ModelClass, Map<string, ModelRecord>>()
  for (const model of new Set(wanted.map((each) => each.model))) {
    const ids = wanted.filter((each) => each.model === model).map(({ id }) => id)
    const rows = await rowsOf(model, [...new Map(ids.map((id) => [nameOf(id), id])).values()], options)
    found.set(model, new Map(rows.map((row) => [nameOf((row.toKey() ?? []).map(String)), row])))
  }
  return wanted.flatMap(({ model, name }) => found.get(model)?.get(name) ?? [])
}

async function locate(parts: GlobalIdParts, options: LocateOptions): Promise<ModelRecord | null> {
  const model = modelOf(parts)
  if (!isWanted(model, options) || !hasKeyOf(model, parts)) return null
  return (await rows(model, options).find(parts.modelId)) as ModelRecord
}

async function rowsOf(
  model: ModelClass,
  ids: readonly (string | readonly string[])[],
  options: LocateOptions & { readonly ignoreMissing?: boolean },
): Promise<ModelRecord[]> {
  const key = infoOf(model).schema.key
  if (key !== undefined && options.ignoreMissing === true)
    return rows(model, options)
      .where({ [key.name]: ids })
      .toArray()
  if (key !== undefined) return (await rows(model, options).find(ids)) as ModelRecord[]
  const found: ModelRecord[] = []
  for (const id of ids) found.push((await rows(model, options).find(id)) as ModelRecord)
  return found
}

function rows(model: ModelClass, { includes }: LocateOptions): Relation {
  const all = model.unscoped()
  return includes === undefined ? all : all.includes(...([includes].flat() as never[]))
}

function modelOf({ modelName }: GlobalIdParts): ModelClass {
  const binding = currentBinding()
  const model = findModel(modelName, binding) ?? (binding?.models.has(modelName) ? baseModel(modelName, binding) : undefined)
  if (model !== undefined) return model
  const names = registeredModels().map((each) => each.name)
  throw new UnknownModel({ model: modelName, suggestion: didYouMean(modelName, names) })
}

function isWanted(model: ModelClass, { only }: LocateOptions): boolean {
  return only === undefined || [only].flat().some((each) => model === each || model.prototype instanceof (each as ModelClass))
}

function hasKeyOf(model: ModelClass, { modelId }: GlobalIdParts): boolean {
  return [modelId].flat().length === infoOf(model).schema.primaryKey.length
}

function nameOf(id: string | readonly string[]): string {
  return [id].flat().join('/')
}
