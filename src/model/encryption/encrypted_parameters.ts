import { underscore } from '../../naming/index.ts'
import { declarationsOf } from '../declarations.ts'
import type { ModelClass } from '../record/model_record.ts'

/** The encrypted attributes of some classes as parameters that logs must not show: `user.email`.
 * @see ActiveRecord::Encryption::AutoFilteredParameters
 */
export function encryptedParameters(models: readonly object[]): string[] {
  return (models as readonly ModelClass[]).flatMap((model) =>
    declarationsOf(model).flatMap(({ encrypted }) => encrypted.map(({ attribute }) => `${element(model)}.${attribute}`)),
  )
}

function element(model: ModelClass): string {
  return underscore(model.name.replace(/^.*::/, ''))
}
