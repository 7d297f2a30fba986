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
export type { CacheControl } from './cache_control.ts'
export { ApiErrorRenderer, type ErrorRendererOptions } from './error_renderer.ts'
export { type AllowedHost, developmentHosts, type HostAuthorizationOptions, hostAuthorization, hostMatcher } from './host_authorization.ts'
export {
  formatOf,
  mediaTypeOf,
  parseAccept,
  parseContentType,
  registeredFormats,
  registerMediaType,
  unregisterMediaType,
} from './media_types.ts'
export { MiddlewareStack, type MiddlewarePlace, type MiddlewareRow } from './middleware_stack.ts'
export { isAcceptDecisive } from './negotiation.ts'
export { endOpenStreams, streamUntilShutdown } from './open_streams.ts'
export { isKnownMethod, knownMethods } from './methods.ts'
export { createParameterHash, isParameterHash, mergeParameters, type ParameterHash, type ParameterValue } from './parameter_hash.ts'
export { Pipeline, type PipelineOptions, type RequestObserver } from './pipeline.ts'
export type { Endpoint, ErrorMiddleware, ErrorRenderer, Guard, Middleware, Next, Routed, Router } from './ports.ts'
export { isEncoding, type ParameterEncodings } from './parameter_encodings.ts'
export { parseQuery, type QueryLimits } from './query_parser.ts'
export { reasonPhrase } from './reason_phrases.ts'
export { Request } from './request.ts'
export { type ParameterParser, type RequestOptions, type RequestSettings, requestOptions, type StateSettings } from './request_options.ts'
export type { RequestHeaders, ResponseHeaders } from './header_views.ts'
export { type HeaderValue, Response } from './response.ts'
export { ResponseBody } from './response_body.ts'
export { type Address, type ListenOptions, Server, type ServerHost, type ServerOptions } from './server.ts'
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
export { forceSsl, type HstsOptions, type SslOptions, type SslRedirect } from './ssl.ts'
export { UploadedFile } from './uploaded_file.ts'
export { isFresh } from './validators.ts'
export { staticFiles, type StaticFilesSettings } from './static_files.ts'
export type { TlsSettings } from './tls.ts'
export { removeAbandoned } from './listening.ts'
export { releaseRescueResponses, type RescueResponses, statusOf, useRescueResponses } from './rescue_responses.ts'
export { runtimeHeader } from './runtime_header.ts'
