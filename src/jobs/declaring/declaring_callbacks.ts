import { didYouMeanText } from '../../errors/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { checkKeys, printed, type Refusal, refusalOf } from './checking.ts'
import { type Callback, type CallbackEvent, declarationsOf, ownDeclarations } from './declarations.ts'
import { InvalidJobOption } from '../errors.ts'
import type { Job } from '../job.ts'
import type { CallbackOptions, JobCallback } from './job_class.ts'

type NamedClass = object & { readonly name: string }

/** Adds callbacks to a class. @throws InvalidJobOption */
export function declareCallbacks<J extends Job>(
  jobClass: NamedClass,
  event: CallbackEvent,
  kind: Callback['kind'],
  args: readonly unknown[],
): void {
  const refusal = refusalOf(jobClass.name, `${kind}${event === 'enqueue' ? 'Enqueue' : 'Perform'}`)
  const last = args.at(-1)
  const hasOptions = (typeof last === 'object' && last !== null) || (last === undefined && args.length > 1)
  const options = ((hasOptions ? last : undefined) ?? {}) as CallbackOptions<J>
  if (hasOptions) checkKeys(refusal, options, ['if', 'unless', 'prepend'])
  const given = hasOptions ? args.slice(0, -1) : args
  if (given.length === 0) throw refusal('needs a callback', callbackHint)
  const conditions = conditionsOf(options, refusal)
  for (const callback of given) {
    if (typeof callback !== 'function' && typeof callback !== 'string') throw refusal(`can't take ${printed(callback)}`, callbackHint)
    const run = withConditions(asFunction(callback as JobCallback<J>) as Callback['run'], kind, conditions)
    const methods = [callback, ...conditions.map(({ condition }) => condition)].filter((name) => typeof name === 'string')
    const name = typeof callback === 'string' ? callback : undefined
    ownDeclarations(jobClass).callbacks.push({ event, kind, run, name, methods, isPrepended: options.prepend === true })
  }
}

const callbackHint = 'Pass a function, or the name of a method, and options behind it.'

interface Condition {
  readonly condition: string | ((job: Job) => unknown)
  readonly wanted: boolean
}

function conditionsOf<J extends Job>(options: CallbackOptions<J>, refusal: Refusal): Condition[] {
  const found: Condition[] = []
  for (const name of ['if', 'unless'] as const) {
    for (const condition of [options[name] ?? []].flat()) {
      if (typeof condition !== 'function' && typeof condition !== 'string') {
        throw refusal(
          `can't have ${printed(condition)} as \`${name}\``,
          'Pass a function of the job, the name of a method, or several of these.',
        )
      }
      found.push({ condition: condition as Condition['condition'], wanted: name === 'if' })
    }
  }
  return found
}

function withConditions(run: Callback['run'], kind: Callback['kind'], conditions: readonly Condition[]): Callback['run'] {
  if (conditions.length === 0) return run
  const checks = conditions.map(({ condition, wanted }) => ({ check: asFunction(condition), wanted }))
  return async (job, next) => {
    for (const { check, wanted } of checks) {
      if (Boolean(await check(job, next)) !== wanted) return kind === 'around' ? next() : undefined
    }
    return run(job, next)
  }
}

function asFunction(callback: string | ((...args: never[]) => unknown)): Callback['run'] {
  if (typeof callback === 'function') return callback as Callback['run']
  return (job, next) => {
    const method: unknown = Reflect.get(job, callback)
    if (typeof method !== 'function') throw missingMethod(job, callback)
    return method.call(job, next)
  }
}

/** A callback or handler names a method that isn't there. */
export function missingMethod(job: object, name: string): InvalidJobOption {
  return new InvalidJobOption({
    job: job.constructor.name,
    option: 'callback',
    reason: `'${name}' is no method of it.${didYouMeanText(didYouMean(name, methodsOf(job)))}`,
    hint: 'Write the method, or correct the name where the class declares it.',
  })
}

function methodsOf(job: object): string[] {
  const parent: object | null = Object.getPrototypeOf(job)
  return parent === null || parent === Object.prototype ? [] : [...Object.getOwnPropertyNames(parent), ...methodsOf(parent)]
}

/** Refuses callbacks, conditions and handlers that name no method of a class.
 * @param make makes a job of it
 * @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) */
export function checkMethods(jobClass: NamedClass, make: () => object): void {
  const { callbacks, rescues } = declarationsOf(jobClass)
  const names = [...callbacks.flatMap(({ methods }) => methods), ...rescues.flatMap(({ method }) => method ?? [])]
  if (names.length === 0) return
  const job = make()
  const missing = names.find((name) => typeof Reflect.get(job, name) !== 'function')
  if (missing !== undefined) throw missingMethod(job, missing)
}
