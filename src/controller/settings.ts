import { PerApplication } from '../context/index.ts'
import type { RateLimitStore } from './rate_limit_store.ts'

/** A redirect that may lead astray. */
export interface UnsafeRedirectDetails {
  readonly location: string
  readonly reason?: string
}

/** What is done about a redirect that may lead astray. */
export type RedirectReaction = 'raise' | 'log' | 'notify' | ((redirect: UnsafeRedirectDetails) => void)

/** What an application decides for all of its controllers: `config.controller`. */
export interface ControllerSettings {
  /** What `permit` does about names it wasn't told of: `'log'`, `'raise'`, or nothing. Default: `'log'` outside of production. */
  onUnpermittedParameters: 'log' | 'raise' | false
  /** Names that `permit` never reports, beside `controller` and `action`, such as one that every URL carries. */
  alwaysPermittedParameters: readonly string[]
  /** Whether all parameters count as permitted, so that models take whatever a client sends. Default: false, and better left so: `permitAll`
   * says it where it is meant. */
  permitAllParameters: boolean
  /** Whether `only` and `except` of a callback may name nothing but actions. Default: false, since a base controller knows its callbacks but not all actions. */
  raiseOnMissingCallbackActions: boolean
  /** Whether `render({ json })` writes `<`, `>` and `&` as `\u003c`…, for JSON that is put into HTML. Default: false, as in Rails 8.1; earlier ones did. */
  escapeHtmlInJson: boolean
  /** What a redirect to another host does: it fails, or it is followed and logged, told to the subscribers of `open_redirect.action_controller`, or told
   * to a function. Default: 'raise'. */
  onOpenRedirect: RedirectReaction
  /** The same for a redirect to text that is neither a path nor a URL (`example.com`), which browsers read in several ways. */
  onPathRelativeRedirect: RedirectReaction
  /** Locations of redirects that are logged as [FILTERED]: a part of one, or a pattern. Of others the query's secrets are masked. */
  filterRedirect: readonly (string | RegExp)[]
  /** Where `rateLimit` counts. Default: in the memory of this process; several processes need one that they share, such as that of `regauge/redis`. */
  rateLimitStore: RateLimitStore | undefined
  /** Whether `protectFromForgery` asks for tokens. Default: true; tests of an application switch it off. */
  allowForgeryProtection: boolean
  /** Whether a request's Origin, where a browser tells one, must be our own. Default: true. */
  forgeryProtectionOriginCheck: boolean
  /** Whether `formAuthenticityToken` makes tokens of one form. Default: true. */
  perFormCsrfTokens: boolean
  /** The parameter that a token comes in. Default: 'authenticity_token'. */
  requestForgeryProtectionToken: string
  /** Whether requests that may have been forged are logged. Default: true. */
  logWarningOnCsrfFailure: boolean
  /** Hosts that `redirectTo` may lead to beside the request's own. */
  allowedRedirectHosts: readonly (string | RegExp)[]
  /** Which body types get their values below the controller's name too (`{ title }` → `article: { title }`); `[]` for none. Default: JSON, as in a Rails API. */
  wrapParametersFormats: readonly string[]
  /** The attributes of the model that a wrapped name stands for; undefined when there is no such model. */
  attributesToWrap: ((name: string) => readonly string[] | undefined) | undefined
}

/** What holds outside of any application. */
export const controllerSettings: ControllerSettings = {
  onUnpermittedParameters: process.env['NODE_ENV'] === 'production' ? false : 'log',
  alwaysPermittedParameters: [],
  permitAllParameters: false,
  raiseOnMissingCallbackActions: false,
  escapeHtmlInJson: false,
  onOpenRedirect: 'raise',
  onPathRelativeRedirect: 'raise',
  filterRedirect: [],
  rateLimitStore: undefined,
  allowForgeryProtection: true,
  forgeryProtectionOriginCheck: true,
  perFormCsrfTokens: true,
  requestForgeryProtectionToken: 'authenticity_token',
  logWarningOnCsrfFailure: true,
  allowedRedirectHosts: [],
  wrapParametersFormats: ['application/json'],
  attributesToWrap: undefined,
}

const settingsOf = new PerApplication<ControllerSettings>()
// Asked for each Parameters that is made, so that it is known without asking which application we are in.
let somebodyPermitsAll = false

/** Sets what holds in the requests of an application, and outside of any. */
export function useControllerSettings(settings: ControllerSettings, application: object): void {
  settingsOf.use(settings, application)
  somebodyPermitsAll ||= settings.permitAllParameters
}

/** Forgets the settings of an application: it has stopped. */
export function releaseControllerSettings(application: object): void {
  settingsOf.release(application)
}

/** The settings in force: those of the application whose request we are in. */
export function settingsInForce(): ControllerSettings {
  return settingsOf.current ?? controllerSettings
}

/** Whether parameters are permitted from the start. */
export function permitsAll(): boolean {
  return (somebodyPermitsAll || controllerSettings.permitAllParameters) && settingsInForce().permitAllParameters
}
