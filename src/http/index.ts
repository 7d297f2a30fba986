export {
  BadRequest,
  BodyTooLarge,
  CannotListen,
  InvalidHeader,
  InvalidMediaType,
  IpSpoofing,
  MethodNotAllowed,
  ParseError,
  RouteNotFound,
  TooManyParts,
  UnknownMiddleware,
  UnsupportedEncoding,
  UnsupportedMediaType,
} from './errors.ts'
export { ApiErrorRenderer, type ErrorRendererOptions, statusOf } from './error_renderer.ts'
export { formatOf, mediaTypeOf, parseAccept, parseContentType, registerMediaType } from './media_types.ts'
export { MiddlewareStack } from './middleware_stack.ts'
export { createParameterHash, isParameterHash, mergeParameters, type ParameterHash, type ParameterValue } from './parameter_hash.ts'
export { Pipeline, type PipelineOptions, type RequestObserver } from './pipeline.ts'
export type { Endpoint, ErrorRenderer, Middleware, Next, Routed, Router } from './ports.ts'
export { parseQuery, type QueryLimits } from './query_parser.ts'
export { reasonPhrase } from './reason_phrases.ts'
export { Request } from './request.ts'
export { type RequestOptions, type RequestSettings, requestOptions } from './request_options.ts'
export { type HeaderValue, Response } from './response.ts'
export { type Address, type ListenOptions, Server, type ServerHost, type ServerOptions } from './server.ts'
export { UploadedFile } from './uploaded_file.ts'
