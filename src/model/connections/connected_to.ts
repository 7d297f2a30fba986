import { type ConnectingOptions, withConnection } from './connecting.ts'

/** Runs `work` with the statements of all models sent to a role or shard, whatever their databases: Rails' `ActiveRecord::Base.connected_to`.
 * What a model's `connectedTo` says inside is stronger, and so is what is said further inside.
 *
 * @throws ConnectionNotEstablished, from statements of a model without such a database
 * @example const orders = await connectedTo({ role: 'reading' }, () => Order.where({ status: 'open' }).count())
 */
export function connectedTo<T>(options: ConnectingOptions, work: () => T): T {
  return withConnection(undefined, options, work)
}

/** Runs `work` with everything that writes refused, whatever the database.
 * @throws WriteRefused, from what writes
 */
export function whilePreventingWrites<T>(work: () => T): T {
  return withConnection(undefined, { preventWrites: true }, work)
}
