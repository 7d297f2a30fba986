import { didYouMean } from '../../naming/index.ts'
import { currentBinding, findModel, registeredModels } from '../binding.ts'
import { UnknownModel } from '../errors.ts'
import { isRecord } from './attribute_access.ts'
import { baseModel } from '../model_factory.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'

let applicationName = 'regauge'

/** Sets the name of the application in GlobalIDs. */
export function useGlobalIdApplication(name: string): void {
  applicationName = name
}

/** The GlobalID of a record; null while it isn't saved, undefined for what is no record.
 * @example globalIdOf(article) // 'gid://blog/Article/1'
 */
export function globalIdOf(value: object): string | null | undefined {
  if (!isRecord(value)) return undefined
  const key = value.toKey()
  if (key === null || value.isNewRecord()) return null
  return `gid://${applicationName}/${value.constructor.name}/${key.map((part) => encodeURIComponent(String(part))).join('/')}`
}

/** Finds the record that a GlobalID names; null for a text that is none.
 * @throws RecordNotFound when the row is gone
 * @throws UnknownModel when no class has the name
 * @example await locateRecord('gid://app/Article/1')
 */
export async function locateRecord(globalId: string): Promise<ModelRecord | null> {
  const parts = /^gid:\/\/[^/]+\/([^/]+)\/(.+)$/.exec(globalId)
  if (parts === null) return null
  const [, name, id] = parts
  const binding = currentBinding()
  const model: ModelClass | undefined = findModel(name!, binding) ?? (binding?.models.has(name!) ? baseModel(name!) : undefined)
  if (model === undefined)
    throw new UnknownModel({
      model: name!,
      suggestion: didYouMean(
        name!,
        registeredModels().map((each) => each.name),
      ),
    })
  return model.unscoped().find(decodeURIComponent(id!)) as Promise<ModelRecord>
}
