import { pluralize, singularize } from './number.ts'
import { camelize, underscore } from './spelling.ts'

/** The class name of a table: `order_items` → `OrderItem`. A schema before the last dot is dropped. */
export function classify(table: string): string {
  return camelize(singularize(table.replace(/.*\./, '')))
}

/** The table name of a class: `OrderItem` → `order_items`. */
export function tableize(className: string): string {
  return pluralize(underscore(className))
}

/** The name without its modules: `Api::OrderItem` → `OrderItem`. */
export function demodulize(path: string): string {
  const end = path.lastIndexOf('::')
  return end < 0 ? path : path.slice(end + 2)
}

/** The modules without the name: `Api::V1::OrderItem` → `Api::V1`. */
export function deconstantize(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('::'), 0))
}

/** The foreign key that refers to a class: `Admin::User` → `user_id`.
 * @param underscored false for `userid`
 */
export function foreignKey(className: string, underscored = true): string {
  return `${underscore(demodulize(className))}${underscored ? '_id' : 'id'}`
}

/** The name of the class in TypeScript, where modules are joined: `api/articles_controller` and `Api::ArticlesController` → `ApiArticlesController`. */
export function constantName(path: string): string {
  return camelize(path).replaceAll('::', '')
}
