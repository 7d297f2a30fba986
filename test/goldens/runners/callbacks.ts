import { type ControllerClass, Controller, controllerSettings, compileAction, ParameterMissing } from '../../../src/controller/index.ts'
import { ApiErrorRenderer, Pipeline } from '../../../src/http/index.ts'
import { inject } from '../../http/injected.ts'
import { errorClasses, type Ops, performer } from './callback_operations.ts'

type Options = Record<string, unknown>
type Declared = readonly string[] | { block: Ops } | { object: Record<string, Ops> } | null
interface ControllerSpec {
  readonly name: string
  readonly parent: string | null
  readonly decl: readonly (readonly [macro: string, what: Declared, options?: Options])[]
  readonly methods?: Record<string, Ops>
  readonly handlers?: Record<string, Ops>
  readonly handlers0?: Record<string, Ops>
  readonly actions: Record<string, Ops>
}
interface CallbacksCase {
  readonly id: string
  readonly controllers: readonly ControllerSpec[]
  readonly request: { controller: string | null; action: string; method: string }
  readonly config?: { raise_on_missing_callback_actions?: boolean }
  readonly transcript?: readonly string[]
  readonly status?: number
  readonly body?: string
  readonly location?: string
  readonly exception?: { class: string; message: string }
  readonly definition_error?: { class: string; message: string }
}

/** Builds the controllers of `callbacks.json`, twice (with plain and with async methods), sends the request, and compares with what Rails did. */
export async function run(golden: { cases: CallbacksCase[] }): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  const failed: { id: string; reason: string }[] = []
  for (const one of golden.cases) {
    controllerSettings.raiseOnMissingCallbackActions = one.config?.raise_on_missing_callback_actions === true
    const reason = (await runCase(one, false)) ?? (await runCase(one, true))
    if (reason !== undefined) failed.push({ id: one.id, reason })
  }
  controllerSettings.raiseOnMissingCallbackActions = false
  return { passed: golden.cases.length - failed.length, failed }
}

async function runCase(one: CallbacksCase, isAsync: boolean): Promise<string | undefined> {
  const transcript: string[] = []
  const built = new Map<string, typeof Controller>()
  try {
    for (const spec of one.controllers) built.set(spec.name, build(spec, built, transcript, isAsync))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const name = error.constructor.name
    return one.definition_error !== undefined && name === 'UndefinedCallback' ? undefined : `definition failed: ${error.stack}`
  }
  if (one.definition_error !== undefined) return `expected ${one.definition_error.class} at definition`
  const controller = built.get(one.request.controller ?? one.controllers.at(-1)!.name) as unknown as ControllerClass
  let thrown: unknown
  const pipeline = new Pipeline({
    errors: new ApiErrorRenderer({ details: false, report: (error) => (thrown = error) }),
    router: { find: () => ({ endpoint: (request, response) => compileAction(controller, one.request.action)(request, response) }) },
  })
  const request = { method: one.request.method, path: `/${one.request.action}`, headers: { accept: 'application/json' } }
  const answer = await inject(pipeline.handle, request)
  const got = {
    transcript,
    status: answer.status,
    body: answer.body,
    location: /^location: (.*)$/im.exec(answer.head)?.[1],
    exception: answer.status >= 500 ? exceptionName(thrown) : undefined,
  }
  const expectedException = (one.status ?? 0) >= 500 ? (exceptionNames[one.exception?.class ?? ''] ?? one.exception?.class) : undefined
  const expected = {
    transcript: one.transcript?.map(withoutSentence),
    status: one.status,
    body: one.body,
    location: one.location,
    exception: expectedException,
  }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? undefined
    : `${isAsync ? 'async' : 'sync'}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`
}

// Rails finds these in the request, we at boot.
const exceptionNames: Record<string, string> = { 'AbstractController::DoubleRenderError': 'DoubleRender', NoMethodError: 'MissingCallback' }

// Rails' sentence about double rendering isn't ours.
function withoutSentence(line: string): string {
  return line.replace(/(?<=AbstractController::DoubleRenderError):Render and.*\.$/s, '')
}

function exceptionName(error: unknown): string | undefined {
  return error === undefined ? undefined : (error as object).constructor.name
}

const macros: Record<string, string> = {
  before_action: 'beforeAction',
  after_action: 'afterAction',
  around_action: 'aroundAction',
  append_before_action: 'appendBeforeAction',
  append_after_action: 'appendAfterAction',
  append_around_action: 'appendAroundAction',
  prepend_before_action: 'prependBeforeAction',
  prepend_after_action: 'prependAfterAction',
  prepend_around_action: 'prependAroundAction',
  skip_before_action: 'skipBeforeAction',
  skip_after_action: 'skipAfterAction',
  skip_around_action: 'skipAroundAction',
}

function build(spec: ControllerSpec, built: Map<string, typeof Controller>, transcript: string[], isAsync: boolean): typeof Controller {
  const perform = performer(transcript, isAsync)
  const parent = spec.parent === null ? Controller : built.get(spec.parent)!
  const controller = class extends (parent as abstract new (...args: never[]) => Controller) {} as unknown as typeof Controller
  Object.defineProperty(controller, 'name', { value: spec.name })
  const define = (name: string, ops: Ops) => {
    const value = function (this: Controller, argument: unknown) {
      return perform(this, ops, argument)
    }
    Object.defineProperty(controller.prototype, name, { value, writable: true, configurable: true })
  }
  for (const methods of [spec.methods, spec.handlers, spec.handlers0, spec.actions]) {
    for (const [name, ops] of Object.entries(methods ?? {})) define(name, ops)
  }
  for (const [macro, what, options = {}] of spec.decl) {
    if (macro === 'rescue_from') declareRescue(controller, what as never, options, perform)
    else declare(controller, macros[macro]!, what, translate(options, perform), perform)
  }
  return controller
}

type Perform = ReturnType<typeof performer>

function declare(controller: typeof Controller, macro: string, what: Declared, options: Options, perform: Perform): void {
  const call = (...args: unknown[]) => (controller as unknown as Record<string, (...args: unknown[]) => void>)[macro]!(...args)
  if (what === null) call(options)
  else if (Array.isArray(what)) call(...what, options)
  else if ('block' in what) call((instance: Controller, proceed: unknown) => perform(instance, what.block as Ops, proceed), options)
  else if ('object' in what) {
    const object = Object.entries(what.object as Record<string, Ops>).map(([kind, ops]) => {
      return [kind, (instance: Controller, proceed: unknown) => perform(instance, ops, proceed)]
    })
    call(Object.fromEntries(object), options)
  }
}

function translate(options: Options, perform: Perform): Options {
  const condition = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(condition)
    if (typeof given !== 'object' || given === null) return given
    return (instance: Controller) => perform(instance, (given as { lambda: Ops }).lambda, undefined)
  }
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, key === 'if' || key === 'unless' ? condition(value) : value]),
  )
}

function declareRescue(
  controller: typeof Controller,
  what: (string | { class: string })[] | string,
  options: Options,
  perform: Perform,
): void {
  const errors = [what].flat().map((one) => (typeof one === 'string' ? (railsNames[one] ?? one) : errorClasses[one.class]!))
  const block = options['block'] as Ops | undefined
  const handler =
    block === undefined ? (options['with'] as string) : (instance: Controller, error: unknown) => perform(instance, block, error)
  const rescueFrom = controller.rescueFrom as (...args: unknown[]) => void
  rescueFrom.call(controller, ...errors, handler)
}

// Errors that have another name here.
const railsNames: Record<string, string | (abstract new (...args: never[]) => Error)> = {
  StandardError: Error,
  'ActionController::ParameterMissing': ParameterMissing,
  'ActiveRecord::RecordNotFound': 'ActiveRecord::RecordNotFound',
}
