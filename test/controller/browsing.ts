import { compileAction, type ControllerClass } from '../../src/controller/index.ts'
import type { StateSettings } from '../../src/http/index.ts'
import { type Browser, browse } from '../http/browser.ts'

/** A browser for the actions of a controller, each at `/<action>`. */
export function browseController(controller: ControllerClass, actions: readonly string[], state: StateSettings = {}): Promise<Browser> {
  const endpoints = new Map(actions.map((action) => [`/${action}`, compileAction(controller, action)]))
  const router = { find: (request: { path: string }) => ({ endpoint: endpoints.get(request.path) }) }
  return browse(() => {}, state, { router })
}
