import { ClientDisconnected, type Endpoint, type Request, type Response } from '../http/index.ts'
import { didYouMean, methodOfAction } from '../naming/index.ts'
import { actionMethods, requireMethod } from './callbacks/action_methods.ts'
import { callbackChain } from './callbacks/declarations.ts'
import { sequenceFor } from './callbacks/sequence.ts'
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
  const answer = (instance: Instance, request: Request) => {
    try {
      const loading = request.loadBody()
      const result = loading === undefined ? sequence(instance) : loading.then(() => sequence(instance))
      if (isPromise(result)) return result.then(done, (error) => rescue(instance, error))
    } catch (error) {
      return rescue(instance, error)
    }
  }
  return (request, response) => {
    const instance = new controller(request, response, action) as unknown as Instance
    if (!isObserved()) return answer(instance, request)
    // The events tell what the body said.
    const loading = bodyOrError(request)
    if (loading === undefined) return observed(instance, () => answer(instance, request))
    return loading.then(() => observed(instance, () => answer(instance, request)))
  }
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
  return isPromise(result) ? result.then(() => answerEmpty(instance)) : answerEmpty(instance)
}

function answerEmpty(instance: Instance): unknown {
  if (instance.isPerformed) return undefined
  const answering = unawaitedAnswer(instance)
  if (answering !== undefined) return answering.then(() => answerEmpty(instance))
  instance['head']!('no_content')
  return undefined
}

function done(): void {}
