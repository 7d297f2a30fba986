export { basicCredentials } from './basic_authentication.ts'
export { actionMethods } from './callbacks/action_methods.ts'
export type {
  AfterCallback,
  AroundCallback,
  BeforeCallback,
  CallbackOptions,
  Condition,
  Proceed,
  SkipOptions,
} from './callbacks/callbacks.ts'
export { type Callback, callbackChain } from './callbacks/declarations.ts'
export { type DescribedCallback, describeCallbacks } from './callbacks/describe.ts'
export { compileAction, type ControllerClass } from './compile_action.ts'
export { Controller } from './controller.ts'
export * from './errors.ts'
export { type AsJsonOptions, asJson } from './json/as_json.ts'
export { toJson } from './json/encode.ts'
export * from './parameters/index.ts'
export type { RedirectBackOptions, RedirectOptions } from './redirecting.ts'
export type { RenderOptions } from './rendering.ts'
export type { ErrorClass, RescueHandler } from './rescuing.ts'
export { type ControllerSettings, controllerSettings, releaseControllerSettings, useControllerSettings } from './settings.ts'
export { type Status, type StatusName, statusCode, statuses } from './statuses.ts'
export { type TokenOptions, tokenAndOptions } from './token_authentication.ts'
export type { WrapParameters } from './wrapped_parameters.ts'
