import { ClientDisconnected, type Endpoint, type Request, type Response } from '../http/index.ts'
import { didYouMean, methodOfAction } from '../naming/index.ts'
import { actionMethods, requireMethod } from './callbacks/action_methods.ts'
import { callbackChain } from './callbacks/declarations.ts'
import { type Sequence, sequenceFor } from './callbacks/sequence.ts'
import { type Instance, isPromise } from './callbacks/steps.ts'
import type { Controller } from './controller.ts'
import { UnknownAction } from './errors.ts'
import { isObserved, observed } from './instrumentation.ts'
import { type RescueStep, rescueStep } from './rescuing.ts'
import { unawaitedAnswer } from './responding.ts'

/** A class of controllers that a route can lead to. */
export type ControllerClass = new (request: Request, response: Response, actionName: string) => Controller

/** Compiles the callbacks and rescue handlers of one action into a single function, so that a request pays for nothing it doesn't use:
 * what returns no promise isn't awaited.
 *
 * @param action name of a method of `controller`, also as Rails writes it (`verify_credentials` for `verifyCredentials`)
 * @throws UnknownAction (REGAUGE_UNKNOWN_ACTION) at boot, when there is no such method or it is a callback
 * @throws MissingCallback (REGAUGE_MISSING_CALLBACK) at boot, when a callback names a method that doesn't exist
 */
export function compileAction(controller: ControllerClass, action: string): Endpoint {
  const actions = actionMethods(controller)
  const name = methodOfAction(action, actions)
  if (name === undefined) {
    throw new UnknownAction({ controller: controller.name, action, suggestion: didYouMean(action, actions) })
  }
  const method = requireMethod(controller, name)
  const sequence = sequenceFor(callbackChain(controller), controller, action, (instance) => perform(instance, method))
  const rescue = rescuing(rescueStep(controller))
  // Functions that close over an instance are made apart: V8 would make room for what they close over in every request.
  const rescueLater = (result: Promise<unknown>, instance: Instance) => result.then(done, (error) => rescue(instance, error))
  const answer = (instance: Instance, request: Request): void | Promise<void> => {
    try {
      const loading = request.loadBody()
      const result = loading === undefined ? sequence(instance) : runAfter(loading, sequence, instance)
      if (isPromise(result)) return rescueLater(result, instance)
    } catch (error) {
      return rescue(instance, error)
    }
  }
  return (request, response) => {
    const instance = new controller(request, response, action) as unknown as Instance
    return isObserved() ? answerObserved(answer, instance, request) : answer(instance, request)
  }
}

function runAfter(loading: Promise<void>, sequence: Sequence, instance: Instance): Promise<unknown> {
  return loading.then(() => sequence(instance))
}

type Answer = (instance: Instance, request: Request) => void | Promise<void>

/** The events tell what the body said. */
function answerObserved(answer: Answer, instance: Instance, request: Request): void | Promise<void> {
  const loading = bodyOrError(request)
  if (loading === undefined) return observed(instance, () => answer(instance, request))
  return loading.then(() => observed(instance, () => answer(instance, request)))
}

function bodyOrError(request: Request): Promise<void> | undefined {
  try {
    return request.loadBody()?.catch(done)
  } catch {
    return undefined
  }
}

/** What an action does about an error. Once the head of its answer is out there is no other answer to give, and a client that has gone is no error. */
function rescuing(rescue: RescueStep): RescueStep {
  return (instance, error) => {
    if (instance.response.isCommitted) {
      if (error instanceof ClientDisconnected) return
      throw error
    }
    return rescue(instance, error)
  }
}

/** The action, and 204 when it hasn't answered. */
function perform(instance: Instance, method: Function): unknown {
  const result = method.call(instance)
  return isPromise(result) ? answerEmptyAfter(result, instance) : answerEmpty(instance)
}

function answerEmptyAfter(result: Promise<unknown>, instance: Instance): Promise<unknown> {
  return result.then(() => answerEmpty(instance))
}

function answerEmpty(instance: Instance): unknown {
  if (instance.isPerformed) return undefined
  const answering = unawaitedAnswer(instance)
  if (answering !== undefined) return answerEmptyAfter(answering, instance)
  instance['head']!('no_content')
  return undefined
}

function done(): void {}
