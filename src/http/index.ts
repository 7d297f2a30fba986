export {
  CookieJar,
  type CookieJarSettings,
  type CookieOptions,
  CookiePolicy,
  type CookieRequest,
  type EncryptedCookies,
  type PermanentCookies,
  type SameSite,
  type SignedCookies,
  writeCookiesWith,
} from './cookies/index.ts'
export {
  BadRequest,
  BodyConsumed,
  BodyTooLarge,
  CannotListen,
  FixedMiddleware,
  ClientDisconnected,
  InvalidCookie,
  InvalidHeader,
  InvalidMediaType,
  InvalidVariant,
  IpSpoofing,
  MethodNotAllowed,
  MissingSecret,
  NoViews,
  ParseError,
  RequestTimeout,
  RouteNotFound,
  SessionDisabled,
  SessionNotLoaded,
  TooManyParts,
  UnknownMediaType,
  UnknownMiddleware,
  UnsupportedEncoding,
  UnsupportedMediaType,
} from './errors.ts'
export type { CacheControl } from './headers/cache_control.ts'
export { ApiErrorRenderer, type ErrorRendererOptions } from './error_rendering/error_renderer.ts'
export {
  type AllowedHost,
  developmentHosts,
  type HostAuthorizationOptions,
  hostAuthorization,
  hostMatcher,
} from './middleware/host_authorization.ts'
export {
  formatOf,
  mediaTypeOf,
  parseAccept,
  parseContentType,
  registeredFormats,
  registerMediaType,
  unregisterMediaType,
} from './headers/media_types.ts'
export { MiddlewareStack, type MiddlewarePlace, type MiddlewareRow } from './middleware/middleware_stack.ts'
export { isAcceptDecisive } from './headers/negotiation.ts'
export { endOpenStreams, streamUntilShutdown } from './server/open_streams.ts'
export { isKnownMethod, knownMethods } from './request/methods.ts'
export {
  createParameterHash,
  isParameterHash,
  mergeParameters,
  type ParameterHash,
  type ParameterValue,
} from './parameters/parameter_hash.ts'
export { Pipeline, type PipelineOptions, type RequestObserver } from './pipeline.ts'
export type { Endpoint, ErrorMiddleware, ErrorRenderer, Guard, Middleware, Next, Routed, Router } from './ports.ts'
export { isEncoding, type ParameterEncodings } from './parameters/parameter_encodings.ts'
export { parseQuery, type QueryLimits } from './parameters/query_parser.ts'
export { reasonPhrase } from './response/reason_phrases.ts'
export { Request } from './request/request.ts'
export {
  type ParameterParser,
  type RequestOptions,
  type RequestSettings,
  requestOptions,
  type StateSettings,
} from './request/request_options.ts'
export type { RequestHeaders, ResponseHeaders } from './headers/header_views.ts'
export { type HeaderValue, Response } from './response/response.ts'
export { ResponseBody } from './response/response_body.ts'
export { type Address, type ListenOptions, Server, type ServerHost, type ServerOptions } from './server/server.ts'
export {
  MemorySessionStore,
  Session,
  type SessionCookieSettings,
  type SessionData,
  type SessionLength,
  type SessionOptions,
  SessionPolicy,
  type SessionRecord,
  type SessionSettings,
  type SessionStore,
} from './sessions/index.ts'
export { forceSsl, type HstsOptions, type SslOptions, type SslRedirect } from './middleware/ssl.ts'
export { UploadedFile } from './body/uploaded_file.ts'
export { isFresh } from './response/validators.ts'
export { staticFiles, type StaticFilesSettings } from './middleware/static_files.ts'
export type { TlsSettings } from './server/tls.ts'
export { removeAbandoned } from './server/listening.ts'
export { releaseRescueResponses, type RescueResponses, statusOf, useRescueResponses } from './error_rendering/rescue_responses.ts'
export { runtimeHeader } from './middleware/runtime_header.ts'
