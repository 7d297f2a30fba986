/** What an application decides for all of its controllers; `application` writes it at boot from `config.controller`. */
export interface ControllerSettings {
  /** What `permit` does about names it wasn't told of: `'log'`, `'raise'`, or nothing. Default: `'log'` outside of production. */
  onUnpermittedParameters: 'log' | 'raise' | false
  /** Whether `only` and `except` of a callback may name nothing but actions. Default: false, since a base controller knows its callbacks but not all actions. */
  raiseOnMissingCallbackActions: boolean
  /** Whether `render({ json })` writes `<`, `>` and `&` as `\u003c`…, for JSON that is put into HTML. Default: false, as in Rails 8.1; earlier ones did. */
  escapeHtmlInJson: boolean
  /** Hosts that `redirectTo` may lead to beside the request's own. */
  allowedRedirectHosts: readonly (string | RegExp)[]
  /** Which body types get their values below the controller's name too (`{ title }` → `article: { title }`); `[]` for none. Default: JSON, as in a Rails API. */
  wrapParametersFormats: readonly string[]
  /** The attributes of the model that a wrapped name stands for; undefined when there is no such model. */
  attributesToWrap: ((name: string) => readonly string[] | undefined) | undefined
}

const defaults: ControllerSettings = {
  onUnpermittedParameters: process.env['NODE_ENV'] === 'production' ? false : 'log',
  raiseOnMissingCallbackActions: false,
  escapeHtmlInJson: false,
  allowedRedirectHosts: [],
  wrapParametersFormats: ['application/json'],
  attributesToWrap: undefined,
}

/** The settings in force. */
export const controllerSettings: ControllerSettings = { ...defaults }

/** Returns to the defaults: the application that set them has stopped. */
export function resetControllerSettings(): void {
  Object.assign(controllerSettings, defaults)
}
