import { bindForm, Binding } from './binding.ts'
import type { Database } from './database.ts'
import { AbstractModelUsed } from './errors.ts'
import { makeBase } from './model_factory.ts'
import type { FormStatics } from './types/form.ts'

/** Makes the class that an object without a table extends: it has attributes, validations with their callbacks, and errors, as Active Model's have.
 *
 * @param name what its class is called, for its errors
 * @example
 * class ContactForm extends FormModel('ContactForm') {
 *   declare email: string | null
 *   static {
 *     this.attribute('email', 'string')
 *     this.validates('email', { presence: true })
 *   }
 * }
 * if (await new ContactForm({ email }).isValid()) { … }
 */
export function FormModel(name: string): FormStatics {
  const base = makeBase(name)
  const model = { name, table: '', primaryKey: [], uniques: [], indexes: [], fields: [] }
  bindForm(base, new Binding(noDatabase(name), { provider: 'sqlite', models: [model], enums: [] }))
  return base as unknown as FormStatics
}

/** What a form would ask of a database is a mistake. */
function noDatabase(name: string): Database {
  const refuse = (): never => {
    throw new AbstractModelUsed({ model: name })
  }
  return {
    dialect: 'sqlite',
    hasReturning: true,
    query: refuse,
    execute: refuse,
    begin: refuse,
    codec: () => undefined,
    get client() {
      return refuse()
    },
    close: async () => {},
  }
}
