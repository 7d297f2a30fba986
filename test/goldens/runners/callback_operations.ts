import { type Controller, DoubleRender, ParameterMissing, type Status } from '../../../src/controller/index.ts'

export type Op = readonly [name: string, ...args: unknown[]]
export type Ops = readonly Op[]

class ErrA extends Error {}
class ErrB extends ErrA {}
class ErrC extends ErrB {}
class ErrX extends Error {
  readonly status = 409
}
class UncaughtThrowError extends Error {}
// Ruby's exceptions above StandardError aren't rescued by it; what is no Error is JavaScript's like.
class ErrFatal {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}
class RuntimeError extends Error {}
const RecordNotFound = { 'ActiveRecord::RecordNotFound': class extends Error {} }['ActiveRecord::RecordNotFound']

/** The errors that the recorder raises, by Ruby's names. */
export const errorClasses: Record<string, new (message: string, options?: ErrorOptions) => Error> = {
  StandardError: Error,
  ErrA,
  ErrB,
  ErrC,
  ErrX,
  ErrFatal: ErrFatal as never,
  RuntimeError,
  'ActiveRecord::RecordNotFound': RecordNotFound,
  'ActionController::ParameterMissing': class extends ParameterMissing {
    constructor(param: string) {
      super({ param })
    }
  },
}

type Work = Generator<unknown, unknown, unknown>

/** Interprets the recorder's operations on a controller: step after step, or with a pause at each, as an async method has them. */
export function performer(transcript: string[], isAsync: boolean): (controller: Controller, ops: Ops, argument: unknown) => unknown {
  return (controller, ops, argument) => {
    const variables = controller as unknown as Record<string, unknown>
    function* interpret(steps: Ops, given: unknown): Work {
      let value: unknown
      for (const [name, ...args] of steps) value = yield* operations[name]!(args, given)
      return value
    }

    type Operation = (args: unknown[], given: unknown) => Work
    const operations: Record<string, Operation> = Object.fromEntries(
      Object.entries({
        log: ([text]) => void transcript.push(String(text)),
        render: ([options]) => controller.render(options as never),
        head: ([status]) => controller.head(status as Status),
        redirect: ([target]) => controller.redirectTo(target as string),
        raise: ([name, message = 'msg']) => raise(new errorClasses[name as string]!(message as string)),
        raise_cause: ([outer, inner]) =>
          raise(new errorClasses[outer as string]!('outer', { cause: new errorClasses[inner as string]!('inner') })),
        raise_cause3: ([outer, middle, innermost]) => {
          const cause = new errorClasses[middle as string]!('inner', { cause: new errorClasses[innermost as string]!('innermost') })
          raise(new errorClasses[outer as string]!('outer', { cause }))
        },
        reraise: (_args, given) => raise(given),
        throw_abort: () => raise(new UncaughtThrowError('uncaught throw :abort')),
        yield: (_args, given) => (given as () => unknown)(),
        call: ([name]) => (variables[name as string] as () => unknown).call(controller),
        set: ([name, value]) => (variables[name as string] = value),
        set_body: ([body]) => void (controller.response.body = body as string),
        set_header: ([name, value]) => controller.response.setHeader(name as string, value as string),
        set_status: ([status]) => void (controller.status = status as Status),
        log_performed: () => void transcript.push(`performed=${controller.isPerformed}`),
        log_status: () => void transcript.push(`status=${controller.status}`),
        log_body: () => void transcript.push(`body=${controller.response.body}`),
        log_exc: (_args, given) =>
          void transcript.push(
            `exc=${named(given as Error)}${(given as Error).cause ? ` cause=${named((given as Error).cause as Error)}` : ''}`,
          ),
        return: ([value]) => value,
      } satisfies Record<string, (args: unknown[], given: unknown) => unknown>).map(([name, operation]) => [name, simple(operation)]),
    )
    operations['ensure'] = function* ([body, after], given) {
      try {
        return yield* interpret(body as Ops, given)
      } finally {
        yield* interpret(after as Ops, given)
      }
    }
    operations['rescue'] = function* ([name, body, rescue], given) {
      try {
        return yield* interpret(body as Ops, given)
      } catch (error) {
        if (!(error instanceof errorClasses[name as string]!)) throw error
        return yield* withCause(interpret(rescue as Ops, error), error)
      }
    }
    operations['unless_performed'] = function* ([steps], given) {
      return controller.isPerformed ? undefined : yield* interpret(steps as Ops, given)
    }
    const work = interpret(ops, argument)
    return isAsync ? finishLater(work) : finishNow(work)
  }
}

function simple(operation: (args: unknown[], given: unknown) => unknown): (args: unknown[], given: unknown) => Work {
  return function* (args, given) {
    return yield operation(args, given)
  }
}

// Ruby notes the error being rescued as the cause of one raised meanwhile.
function* withCause(work: Work, cause: unknown): Work {
  try {
    return yield* work
  } catch (error) {
    if (error !== cause) (error as Error).cause ??= cause
    throw error
  }
}

function raise(error: unknown): never {
  throw error
}

function named(error: Error): string {
  if (error instanceof DoubleRender) return 'AbstractController::DoubleRenderError'
  const name = Object.entries(errorClasses).find(([, one]) => one === error.constructor)?.[0]
  return `${name}:${error.message}`
}

/** Steps that return a promise (what is inside of an around callback) make the rest wait, as a method that returns that promise would. */
function finishNow(work: Work): unknown {
  let step = work.next()
  while (!step.done) {
    if (step.value instanceof Promise) return finishLater(work, step.value)
    step = work.next(step.value)
  }
  return step.value
}

async function finishLater(work: Work, first?: unknown): Promise<unknown> {
  let next: () => IteratorResult<unknown, unknown> = () => work.next()
  if (first !== undefined) next = await settle(work, first)
  for (;;) {
    const step = next()
    if (step.done) return step.value
    await null
    next = await settle(work, step.value)
  }
}

async function settle(work: Work, value: unknown): Promise<() => IteratorResult<unknown, unknown>> {
  try {
    const result = await value
    return () => work.next(result)
  } catch (error) {
    return () => work.throw(error)
  }
}
