import { isEncoding, type ParameterEncodings } from '../http/index.ts'
import { namesAction } from '../naming/index.ts'
import { UnknownEncoding } from './errors.ts'

/** What a class declared, by action: the encoding of each parameter, or of all. */
type Declared = Map<string, string | Map<string, string>>

const declared = new WeakMap<object, Declared>()

/** Remembers what `static paramEncoding` said.
 * @throws UnknownEncoding (REGAUGE_UNKNOWN_ENCODING) at boot
 */
export function declareEncoding(controller: Function, action: string, param: string, encoding: string): void {
  if (!isEncoding(encoding)) throw new UnknownEncoding({ controller: controller.name, action, encoding })
  const before = declarations(controller).get(action)
  const encodings = before instanceof Map ? before : new Map<string, string>()
  declarations(controller).set(action, encodings.set(param, encoding))
}

/** Remembers what `static skipParameterEncoding` said. */
export function declareSkippedEncoding(controller: Function, action: string): void {
  declarations(controller).set(action, 'binary')
}

/** The encodings of an action's parameters; undefined when all of them are UTF-8. */
export function parameterEncodings(controller: Function, action: string): ParameterEncodings | undefined {
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    const encodings = [...(declared.get(one) ?? [])].find(([name]) => namesAction([name], action))?.[1]
    if (typeof encodings === 'string') return () => encodings
    if (encodings !== undefined) return (name) => encodings.get(name)
  }
  return undefined
}

function declarations(controller: Function): Declared {
  let found = declared.get(controller)
  if (found === undefined) declared.set(controller, (found = new Map()))
  return found
}
