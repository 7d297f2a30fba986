import { type ListedCallback, listCallbacks } from '../../model/index.ts'
import { readSettings } from '../boot.ts'
import { openModels } from '../database/database.ts'
import { loadApplication } from '../loading/load_application.ts'

/** What runs in the life of a model's records. */
export interface ModelChain {
  readonly model: string
  /** In the order in which those of one event run. */
  readonly callbacks: readonly ListedCallback[]
}

/** The callbacks of a model of the application in `root`, those of its associations among them.
 *
 * @param name of the class: `Article`, `Admin::Article`
 * @returns undefined when no model has the name
 * @throws DatabaseMissing and its kin: which columns there are decides what associations mean
 */
export async function describeModel(options: { root: string; env?: string | undefined }, name: string): Promise<ModelChain | undefined> {
  const config = await readSettings(options)
  const loaded = await loadApplication(config.root)
  const wanted = name.replaceAll('::', '')
  const model = loaded.models.find((each) => each.name === wanted || each.name === name.split('::').at(-1))
  if (model === undefined) return undefined
  const { database, otherDatabases } = await openModels(config, loaded, {})
  try {
    return { model: model.name, callbacks: listCallbacks(model) }
  } finally {
    for (const each of [database, ...otherDatabases]) await each?.close()
  }
}
