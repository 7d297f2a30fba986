import { currentExecution } from '../context/index.ts'
import { isParameterHash } from '../http/index.ts'
import { hexDigest } from '../messages/index.ts'
import { channel } from '../notifications/index.ts'
import type { CallbackOptions } from './callbacks/callbacks.ts'
import { requireMethod } from './callbacks/action_methods.ts'
import { InvalidRateLimit, TooManyRequests } from './errors.ts'
import type { Metal } from './metal.ts'
import { MemoryRateLimitStore, type RateLimitStore } from './rate_limit_store.ts'
import { RequestForgeryProtection } from './request_forgery_protection.ts'
import { settingsInForce } from './settings.ts'

/** A method's name, or a function that gets the controller (also as `this`). */
type Asked<C, T> = string | ((this: C, controller: C) => T)
type Decided<C, T> = T | Asked<C, T>
type Length = number | { readonly seconds: number }

/** What `rateLimit` takes. Which actions it is for is said as for `beforeAction`. */
export interface RateLimitOptions<C> extends CallbackOptions<C> {
  /** How many requests may come. */
  readonly to: Decided<C, number>
  /** In what time, counted from the first one: seconds, or a duration such as `minutes(3)`. */
  readonly within: Decided<C, Length>
  /** Who is counted. Default: the client's address, `request.remoteIp`, as in Rails. A client that reaches us without a proxy can forge it:
   * count `request.ip` then. */
  readonly by?: Asked<C, unknown>
  /** What is answered to one request too many. Default: 429. */
  readonly with?: Asked<C, unknown>
  /** Where requests are counted. Default: `config.controller.rateLimitStore`, which is the memory of this process unless it is set. */
  readonly store?: RateLimitStore
  /** Tells several limits of one controller apart. */
  readonly name?: string
  /** Shares one count between controllers. Default: each has its own. */
  readonly scope?: string
}

type Class = abstract new (...args: never[]) => RateLimiting
type Step = (this: Metal, controller: Metal) => unknown

const exceeded = channel('rate_limit.action_controller')
const stores = new WeakMap<object, RateLimitStore>()
const nobody = {}

/** Limits to what one client may send. */
export abstract class RateLimiting extends RequestForgeryProtection {
  /** Lets a client (or who `by` says) send no more than so many requests in so much time.
   * @throws TooManyRequests (REGAUGE_TOO_MANY_REQUESTS, 429) in a request too many, unless `with` answers
   * @throws InvalidRateLimit (REGAUGE_INVALID_RATE_LIMIT) at boot, for a number or a time that is none
   * @example this.rateLimit({ to: 10, within: minutes(3), only: 'create' })
   * @example this.rateLimit({ to: 100, within: hours(1), by: (controller) => controller.request.domain, with: 'refuse', name: 'by-domain' })
   */
  static rateLimit<C extends Class>(this: C, options: RateLimitOptions<InstanceType<C>>): void {
    const { to, within, by, with: answer, store, name, scope, ...conditions } = options
    const limit = decided(this, 'to', to, (value) => Number.isInteger(value) && (value as number) >= 0)
    const length = decided(this, 'within', within, (value) => Number((value as { seconds?: number }).seconds ?? value) > 0)
    const counted = by === undefined ? addressOf : decided(this, 'by', by, () => false)
    const exceed = answer === undefined ? refuse : decided(this, 'with', answer, () => false)
    const limiter = (controller: RateLimiting) => {
      const within = length.call(controller, controller) as Length
      const seconds = typeof within === 'number' ? within : within.seconds
      const by = counted.call(controller, controller)
      const key = ['rate-limit', scope ?? controller.controllerPath, name, by]
        .filter((part) => part !== undefined && part !== null)
        .map(textOf)
        .join(':')
      const to = limit.call(controller, controller) as number
      const decide = (count: number): unknown => {
        if (count <= to) return undefined
        const payload = {
          request: controller.request,
          count,
          to,
          within: seconds,
          by,
          name,
          scope: scope ?? controller.controllerPath,
          cache_key: key,
        }
        return exceeded.isOn ? exceeded.instrument(payload, () => exceed.call(controller, controller)) : exceed.call(controller, controller)
      }
      const count = (store ?? storeInForce()).increment(shortened(key), seconds)
      return typeof count === 'number' ? decide(count) : count.then(decide)
    }
    RateLimiting.beforeAction.call(this, limiter as never, conditions as never)
  }
}

/** What is decided in a request: by a function, by a method (a child's own, where it has one), or it is the value itself.
 * @throws MissingCallback for a name of no method, InvalidRateLimit for a value that isn't one
 */
function decided(controller: Function, option: string, given: unknown, isValue: (value: unknown) => boolean): Step {
  if (typeof given === 'function') return given as Step
  if (typeof given === 'string') {
    requireMethod(controller, given)
    return function () {
      return requireMethod(this.constructor, given).call(this)
    }
  }
  if (given === undefined || given === null || !isValue(given))
    throw new InvalidRateLimit({ controller: controller.name, option, value: String(given) })
  return () => given
}

/** Parameters may be hashes where a text is expected, and have no text of their own. */
function textOf(part: unknown): string {
  if (Array.isArray(part)) return part.map(textOf).join(':')
  return isParameterHash(part) ? JSON.stringify(part) : String(part)
}

/** What a client sends must not decide how much memory a count takes. */
function shortened(key: string): string {
  return key.length <= 250 ? key : `${key.slice(0, 100)}:${hexDigest(key)}`
}

function addressOf(this: Metal): string {
  return this.request.remoteIp
}

function refuse(): never {
  throw new TooManyRequests({})
}

function storeInForce(): RateLimitStore {
  const { rateLimitStore } = settingsInForce()
  if (rateLimitStore !== undefined) return rateLimitStore
  const application = currentExecution()?.application ?? nobody
  const store = stores.get(application) ?? new MemoryRateLimitStore()
  stores.set(application, store)
  return store
}
