import { RecordInvalid } from '../errors.ts'
import { Errors } from '../validations/errors.ts'
import { validateRecord } from '../validations/run.ts'
import { extraOf } from './attribute_access.ts'
import { DirtyRecord } from './dirty_record.ts'
import type { ModelRecord } from './model_record.ts'
import { EXTRA } from './record_state.ts'

/** What is wrong with a record. */
export class ValidatedRecord extends DirtyRecord {
  /** What the last validation found. */
  get errors(): Errors {
    const extra = extraOf(this)
    extra.errors ??= new Errors(this)
    return extra.errors
  }

  /** Runs the validations.
   * @param context `create` or `update` by default; any other name runs the validations declared with `on` that name; several run those of each
   */
  async isValid(context?: string | readonly string[]): Promise<boolean> {
    const extra = extraOf(this)
    const outer = extra.validationContext
    extra.validationContext = context ?? outer ?? (this.isNewRecord() ? 'create' : 'update')
    try {
      return await validateRecord(this as unknown as ModelRecord, extra.validationContext)
    } finally {
      extra.validationContext = outer
    }
  }

  async isInvalid(context?: string | readonly string[]): Promise<boolean> {
    return !(await this.isValid(context))
  }

  /** Rails' other name of {@link isValid}. */
  async validate(context?: string | readonly string[]): Promise<boolean> {
    return this.isValid(context)
  }

  /** @throws RecordInvalid when something is wrong */
  async validateOrThrow(context?: string | readonly string[]): Promise<true> {
    if (await this.isValid(context)) return true
    throw new RecordInvalid(this)
  }

  /** The context of the validation that is running. */
  get validationContext(): string | readonly string[] | undefined {
    return this[EXTRA]?.validationContext
  }
}
