import { didYouMean } from '../../naming/index.ts'
import { MissingCallback } from '../errors.ts'
import { Metal } from '../metal.ts'
import { callbackChain } from './declarations.ts'

/** The methods of a controller that a route may name: those of its classes below `Controller`, without callbacks.
 *
 * TypeScript's `private` and `protected` leave no trace at run time, so a helper method is in this list too; it becomes an action
 * only when a route names it. Names that begin with `_` and `#private` methods never do.
 */
export function actionMethods(controller: Function): string[] {
  const callbacks = new Set(callbackChain(controller).map((callback) => callback.filter))
  return ownMethods(controller).filter((name) => !callbacks.has(name) && !name.startsWith('_'))
}

/** The method of a name.
 * @throws MissingCallback (REGAUGE_MISSING_CALLBACK)
 */
export function requireMethod(controller: Function, name: string): Function {
  const method: unknown = controller.prototype[name]
  if (typeof method === 'function' && !(name in Object.prototype)) return method
  throw new MissingCallback({ controller: controller.name, callback: name, suggestion: didYouMean(name, ownMethods(controller)) })
}

/** The methods of a controller's classes below `Controller`. */
export function ownMethods(controller: Function): string[] {
  const names = new Set<string>()
  for (let prototype = controller.prototype; prototype !== null && !isFramework(prototype); prototype = Object.getPrototypeOf(prototype)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== 'constructor' && typeof property.value === 'function') names.add(name)
    }
  }
  return [...names]
}

const frameworkClasses = new WeakSet<object>([Metal.prototype, Object.prototype])

/** Says that the methods of a class are ours and no actions. */
export function markFramework(...classes: readonly Function[]): void {
  for (const one of classes) frameworkClasses.add(one.prototype)
}

function isFramework(prototype: object): boolean {
  return frameworkClasses.has(prototype)
}
