export { basicCredentials, encodeBasicCredentials } from './basic_authentication.ts'
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
export type { Etagger, ExpiresOptions, Freshness } from './conditional_get.ts'
export { Controller } from './controller.ts'
export type { CsrfTokenStore } from './csrf_token_store.ts'
export { addRenderer, type Renderer, removeRenderer } from './custom_renderers.ts'
export type { DigestPassword } from './digest_authentication.ts'
export * from './errors.ts'
export { type EventOptions, ServerSentEvent } from './event_encoding.ts'
export { EventStream } from './event_stream.ts'
export { type AsJsonOptions, asJson } from './json/as_json.ts'
export { toJson } from './json/encode.ts'
export { filteredPath } from './instrumentation.ts'
export { parameterEncodings } from './parameter_encoding.ts'
export * from './parameters/index.ts'
export { HealthController } from './health_controller.ts'
export type { RateLimitOptions } from './rate_limiting.ts'
export { MemoryRateLimitStore, type RateLimitStore } from './rate_limit_store.ts'
export type { RedirectBackOptions, RedirectOptions, RedirectTarget } from './redirecting.ts'
export type { ForgeryProtectionOptions, ForgeryReaction, FormOptions } from './request_forgery_protection.ts'
export type { RenderOptions, StreamableBody } from './render_options.ts'
export type { Responder, VariantsBlock } from './responding.ts'
export type { FormatBlock, VariantResponder } from './variants.ts'
export { describeRescues, type ErrorClass, type RescueHandler } from './rescuing.ts'
export { type ControllerSettings, controllerSettings, releaseControllerSettings, useControllerSettings } from './settings.ts'
export type { SendDataOptions, SendFileOptions } from './sending_files.ts'
export type { EventSource, EventStreamOptions } from './server_sent_events.ts'
export { type Status, type StatusName, statusCode, statuses } from './statuses.ts'
export type { SendStreamOptions } from './streaming.ts'
export { encodeTokenCredentials, type TokenOptions, tokenAndOptions } from './token_authentication.ts'
export { releaseUrlMaker, type UrlMaker, type UrlTarget, urlDefaultsOf, useUrlMaker } from './urls.ts'
export type { WrapParameters, WrapTarget } from './wrapped_parameters.ts'
