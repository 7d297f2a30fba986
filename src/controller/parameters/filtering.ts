import { logger } from '../../logging/index.ts'
import { channel } from '../../notifications/index.ts'
import { UnpermittedParameters } from '../errors.ts'
import { currentContext } from '../instrumentation.ts'
import { type ControllerSettings, settingsInForce } from '../settings.ts'
import { PermittedParameters } from './parameters.ts'
import type { PermitFilter, PermitHash } from './types.ts'
import { type Hash, hasKey, isHash, isScalar, permittedCopy } from './values.ts'

/** Rails' rules in one place. `explicitArrays` is what tells `expect` from `permit`: a list of hashes must then be asked for as `[['name']]`.
 *
 * @throws UnpermittedParameters (REGAUGE_UNPERMITTED_PARAMETERS) when the application asked for it
 */
export function permitFilters(hash: Hash, filters: readonly PermitFilter[], explicitArrays: boolean): PermittedParameters {
  const permitted = new PermittedParameters()
  applyFilters(hash, filters, attributesOf(permitted), explicitArrays)
  shadowMethods(permitted, filters)
  if (!explicitArrays) reportUnpermitted(hash, permitted, settingsInForce())
  return permitted
}

function applyFilters(hash: Hash, filters: readonly PermitFilter[], permitted: Attributes, explicitArrays: boolean): void {
  let parts: ReadonlyMap<string, string[]> | undefined
  for (const filter of filters) {
    if (typeof filter === 'string') {
      if (hasKey(hash, filter) && isScalar(hash[filter])) assign(permitted, filter, hash[filter])
      parts ??= dateParts(hash)
      for (const key of parts.get(filter) ?? []) if (isScalar(hash[key])) assign(permitted, key, hash[key])
    } else if (Array.isArray(filter)) applyFilters(hash, filter, permitted, explicitArrays)
    else if (isHash(filter)) applyHashFilter(hash, filter as PermitHash, permitted, explicitArrays)
  }
}

const noParts: ReadonlyMap<string, string[]> = new Map()

/** `published_on(1i)`, `published_on(2i)`: the parts of a date that a form sends, by the name they are parts of. */
function dateParts(hash: Hash): ReadonlyMap<string, string[]> {
  let parts: Map<string, string[]> | undefined
  for (const key in hash) {
    if (!key.endsWith(')')) continue
    const part = /\(\d+[if]?\)$/.exec(key)
    if (part === null) continue
    const name = key.slice(0, part.index)
    parts ??= new Map()
    const keys = parts.get(name)
    if (keys === undefined) parts.set(name, [key])
    else keys.push(key)
  }
  return parts ?? noParts
}

function applyHashFilter(hash: Hash, filter: PermitHash, permitted: Attributes, explicitArrays: boolean): void {
  for (const name of Object.keys(filter)) {
    const value = hasKey(hash, name) ? hash[name] : undefined
    if (value === undefined || value === null || value === false) continue
    const result = permitValue(value, filter[name]!, explicitArrays)
    if (result !== undefined) assign(permitted, name, result)
  }
}

function permitValue(value: unknown, filter: PermitHash[string], explicitArrays: boolean): unknown {
  if (Array.isArray(filter) && filter.length === 0) return Array.isArray(value) && value.every(isScalar) ? value : undefined
  if (isHash(filter) && Object.keys(filter).length === 0) return isHash(value) ? permittedCopy(value) : undefined
  if (Array.isArray(filter) && filter.length === 1 && Array.isArray(filter[0])) return permitEach(value, filter[0], explicitArrays)
  const below = Array.isArray(filter) ? filter : [filter as PermitFilter]
  if (explicitArrays) return permitHash(value, below, explicitArrays)
  return permitEach(value, below, explicitArrays) ?? permitHash(value, below, explicitArrays)
}

function permitHash(value: unknown, filters: readonly PermitFilter[], explicitArrays: boolean): unknown {
  return isHash(value) ? permitFilters(value, filters, explicitArrays) : undefined
}

/** The elements of a list, or of the hash with numbers for keys that a form sends in its place. */
function permitEach(value: unknown, filters: readonly PermitFilter[], explicitArrays: boolean): unknown {
  if (Array.isArray(value)) return value.filter(isHash).map((element) => permitFilters(element, filters, explicitArrays))
  if (!isHash(value) || namesNumbers(filters)) return undefined
  const numbered = Object.keys(value).filter((key) => isNumber(key) && isHash(value[key]))
  if (numbered.length === 0) return undefined
  const permitted = new PermittedParameters()
  for (const key of numbered) assign(attributesOf(permitted), key, permitFilters(value[key] as Hash, filters, explicitArrays))
  return permitted
}

function namesNumbers(filters: readonly PermitFilter[]): boolean {
  const [only] = filters
  return filters.length === 1 && isHash(only) && Object.keys(only).some(isNumber)
}

function isNumber(key: string): boolean {
  return /^-?\d+$/.test(key)
}

type Attributes = Record<string, unknown>

function attributesOf(permitted: PermittedParameters): Attributes {
  return permitted as unknown as Attributes
}

function assign(permitted: Attributes, key: string, value: unknown): void {
  if (key !== '__proto__') permitted[key] = value
}

/** A permitted name that wasn't sent must read as undefined, also when a method is called so (`values`, `keys`). */
function shadowMethods(permitted: PermittedParameters, filters: readonly PermitFilter[]): void {
  for (const filter of filters) {
    if (Array.isArray(filter)) shadowMethods(permitted, filter)
    else
      for (const name of typeof filter === 'string' ? [filter] : Object.keys(filter ?? {}))
        if (name in permitted && !Object.hasOwn(permitted, name))
          Object.defineProperty(permitted, name, { value: undefined, writable: true, configurable: true })
  }
}

const unpermitted = channel('unpermitted_parameters.action_controller')

function reportUnpermitted(hash: Hash, permitted: PermittedParameters, settings: ControllerSettings): void {
  const { onUnpermittedParameters: reaction, alwaysPermittedParameters: always } = settings
  if (reaction === false) return
  const names = Object.keys(hash).filter((key) => !hasKey(attributesOf(permitted), key) && !isAlwaysPermitted(key, always))
  if (names.length === 0) return
  const some = names.slice(0, 100).map((name) => name.slice(0, 100)) // a log line is no place for a megabyte from outside
  if (reaction === 'raise') throw new UnpermittedParameters({ names: some })
  const context = currentContext()
  unpermitted.publish({ keys: some, context })
  const place =
    context === undefined ? '' : `. Context: { controller: ${String(context['controller'])}, action: ${String(context['action'])} }`
  logger.debug(`Unpermitted parameter${some.length > 1 ? 's' : ''}: ${some.map((name) => `:${name}`).join(', ')}${place}`, {
    unpermitted: some,
  })
}

function isAlwaysPermitted(key: string, always: readonly string[]): boolean {
  return key === 'controller' || key === 'action' || always.includes(key)
}
