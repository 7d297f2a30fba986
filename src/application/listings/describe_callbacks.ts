import {
  actionMethods,
  type ControllerClass,
  type DescribedCallback,
  describeCallbacks,
  describeRescues,
  UnknownAction,
} from '../../controller/index.ts'
import { camelize, didYouMean, methodOfAction, underscore } from '../../naming/index.ts'
import { NoApplication, UnknownCallbackOwner } from '../errors.ts'
import { findSource } from '../loading/loader.ts'
import { loadControllers, loadModels } from '../loading/load_application.ts'
import { registerTypeScript } from '../loading/typescript.ts'

/** What runs around the actions of a controller, or around one of them. */
export interface ControllerChain {
  readonly controller: string
  readonly actions: readonly string[]
  /** In the order of the chain: before callbacks run from the first to the last, after callbacks from the last to the first. */
  readonly callbacks: readonly DescribedCallback[]
  /** In the order in which they are tried. */
  readonly rescues: readonly { readonly error: string; readonly handler: string }[]
}

/** The callbacks and rescue handlers of a controller of the application in `root`.
 *
 * @param name of the class or as routes name it: `ArticlesController`, `Admin::ArticlesController`, `admin/articles`
 * @param action leaves out what doesn't run for it
 * @throws NoApplication; UnknownCallbackOwner, UnknownAction with a suggestion
 */
export async function describeController(root: string, name: string, action?: string): Promise<ControllerChain> {
  if (!findSource(root, 'config/routes')) throw new NoApplication({ root })
  await registerTypeScript()
  const controllers = await loadControllers(root)
  const path = underscore(name).replace(/_controller$/, '')
  const controller = controllers.get(path)
  if (controller === undefined) throw await unknownOwner(root, name, [...controllers.keys()])
  return chainOf(controller, action)
}

/** Tells whether a name may be that of a model: controllers are called after what they control, `ArticlesController`, or with a small letter. */
export function mayNameModel(name: string): boolean {
  return /^[A-Z]/.test(name) && !name.endsWith('Controller')
}

/** What is suggested is spelled as the name was. */
async function unknownOwner(root: string, name: string, controllers: readonly string[]): Promise<UnknownCallbackOwner> {
  const isClass = /^[A-Z]/.test(name)
  const known = isClass ? controllers.map((path) => `${camelize(path)}Controller`) : controllers
  if (!mayNameModel(name)) return new UnknownCallbackOwner({ name, kinds: 'controller', suggestion: didYouMean(name, known) })
  const models = (await loadModels(root)).map((model) => model.name)
  return new UnknownCallbackOwner({ name, kinds: 'controller or model', suggestion: didYouMean(name, [...models, ...known]) })
}

function chainOf(controller: ControllerClass, action: string | undefined): ControllerChain {
  const actions = actionMethods(controller)
  if (action !== undefined && methodOfAction(action, actions) === undefined)
    throw new UnknownAction({ controller: controller.name, action, suggestion: didYouMean(action, actions) })
  return {
    controller: controller.name,
    actions: action === undefined ? actions : [action],
    callbacks: describeCallbacks(controller, action),
    rescues: describeRescues(controller),
  }
}
