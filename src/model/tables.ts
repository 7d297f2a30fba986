import { findModel } from './binding.ts'
import { baseModel } from './model_factory.ts'
import { infoOf, type ModelInfo } from './model_info.ts'

/** The model that has a table, among those of the same database. */
export function modelOfTable(info: ModelInfo, table: string): ModelInfo | undefined {
  const { binding } = info.schema
  const metadata = binding.metadata.models.find((model) => model.table === table)
  return metadata === undefined ? undefined : infoOf(findModel(metadata.name, binding) ?? baseModel(metadata.name, binding))
}
