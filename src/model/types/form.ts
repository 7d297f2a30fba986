import type { HumanNameOptions } from '../model_name.ts'
import type { BaseRecord } from './instances.ts'
import type { PermittedLike } from './conditions.ts'
import type { Macros, PlainMacros } from './macros.ts'

/** The members of a form: what records have that needs no table. */
export type FormRecord = Pick<
  BaseRecord<{}, string>,
  | 'errors'
  | 'attributes'
  | 'attributeNames'
  | 'hasAttribute'
  | 'isValid'
  | 'isInvalid'
  | 'validate'
  | 'validateOrThrow'
  | 'validationContext'
  | 'serializableHash'
  | 'asJson'
  | 'toJSON'
> & {
  assign(attributes: Readonly<Record<string, unknown>> | PermittedLike): FormRecord
  assignAttributes(attributes: Readonly<Record<string, unknown>> | PermittedLike): FormRecord
}

type FormMacro =
  | 'attribute'
  | 'aliasAttribute'
  | 'validates'
  | 'validate'
  | 'validatesEach'
  | 'validatesWith'
  | 'beforeValidation'
  | 'afterValidation'

/** The class of a form. */
export interface FormStatics extends Pick<Macros<{}, string> & PlainMacros, FormMacro> {
  new (attributes?: Readonly<Record<string, unknown>> | PermittedLike): FormRecord
  humanAttributeName(attribute: string, options?: HumanNameOptions): string
}
