// Applications
export {
  Application,
  application,
  type BootOptions,
  boot,
  type Configuration,
  configure,
  cookiesOf,
  type CurrentAttributeOptions,
  type CurrentCallback,
  CurrentAttributes,
  describeRoutes,
  type Environment,
  environment,
  type RouteHelpers,
  routes,
  serve,
  sessionOf,
  type TranslateOptions,
  translate,
  translate as t,
  whenLoaded,
} from './application/index.ts'
export { Credentials, EncryptedFile } from './application/index.ts'
export * from './application/credentials/errors.ts'
export * from './application/errors.ts'
export { afterCommit, currentExecution, type Execution } from './context/index.ts'
export { type ErrorReport, type ErrorSubscriber, reporter } from './errors/reporter.ts'
export {
  ActiveRecordError,
  abort,
  CallbackAborted,
  Deadlocked,
  type ErrorCode,
  LockWaitTimeout,
  QueryAborted,
  QueryCanceled,
  RegaugeError,
  SerializationFailure,
  StatementInvalid,
  StatementTimeout,
  TransactionRollbackError,
} from './errors/index.ts'
// Messages and secrets
export {
  ApplicationMessages,
  constantTimeEqual,
  constantTimeEqual as secureCompare,
  currentMessages,
  hexDigest,
  KeyGenerator,
  useMessages,
} from './messages/index.ts'
export { MessageEncryptor, MessageEncryptors, MessageVerifier, MessageVerifiers } from './messages/index.ts'
export { randomBase58, randomHex, randomUrlSafe } from './messages/index.ts'
export type { EncryptorOptions, MessageMetadata, MessageSerializer, ReadOptions, Rotation, VerifierOptions } from './messages/index.ts'
export * from './messages/errors.ts'
export * as notifications from './notifications/index.ts'
export { createLogger, type Logger, type LogLevel, logger } from './logging/index.ts'

// Routes
export { draw, extend, redirect, RouteSet } from './routing/index.ts'
export type { ActionName, HelperOptions, PathValue, RequestAttributes, RoutesDsl, UrlHelpers, UrlOptions } from './routing/index.ts'
export { InvalidRoute, InvalidUrlOption, MissingHost, NoRoute, UnknownUrlHelper, UrlGenerationError } from './routing/errors.ts'

// HTTP and controllers
export {
  MiddlewareStack,
  registerMediaType,
  unregisterMediaType,
  Request,
  Response,
  type ResponseBody,
  UploadedFile,
  runtimeHeader,
} from './http/index.ts'
export type { Endpoint, Middleware, ParameterHash, ParameterValue } from './http/index.ts'
export { CookieJar, MemorySessionStore, reasonPhrase } from './http/index.ts'
export type {
  AllowedHost,
  CookieOptions,
  HstsOptions,
  SameSite,
  SessionOptions,
  SessionRecord,
  SessionStore,
  SslRedirect,
} from './http/index.ts'
export * from './http/sessions/register.ts'
export * from './http/errors.ts'
export { addRenderer, asJson, Controller, describeCallbacks, EventStream, isPermitted, Parameters } from './controller/index.ts'
export { removeRenderer, ServerSentEvent, statusCode, toJson } from './controller/index.ts'
export * from './controller/register.ts'
export type {
  CallbackOptions,
  ControllerSettings,
  ParameterScalar,
  Permitted,
  PermitFilter,
  Proceed,
  RedirectBackOptions,
  RedirectOptions,
  Renderer,
  RenderOptions,
  Responder,
  VariantResponder,
  SendDataOptions,
  SkipOptions,
  Status,
  StatusName,
} from './controller/index.ts'
export type { EventOptions, EventSource, EventStreamOptions, ExpiresOptions, Freshness, SendFileOptions } from './controller/index.ts'
export { encodeBasicCredentials, encodeTokenCredentials, MemoryRateLimitStore } from './controller/index.ts'
export type { CsrfTokenStore, DigestPassword, ForgeryProtectionOptions, RateLimitOptions, RateLimitStore } from './controller/index.ts'
export * from './controller/errors.ts'

// Models
export * from './model/register.ts'
export { currentLocale, EnvelopeKeyProvider, locateManySigned, locateRecords, locateSigned, parseGlobalId } from './model/index.ts'
export type {
  EncryptionSettings,
  EncryptsOptions,
  GlobalIdParts,
  KeyProvider,
  LocateOptions,
  SignedGlobalIdOptions,
} from './model/index.ts'
export * from './model/encryption/errors.ts'
export {
  AbstractModel,
  Arel,
  connectedTo,
  EachValidator,
  Errors,
  FormModel,
  globalIdOf,
  listCallbacks,
  locateRecord,
  Model,
  modelOf,
  type PasswordAlgorithm,
  Range,
  range,
  registerValidator,
  sql,
  ValidationError,
  Validator,
  ValueType,
  whilePreventingWrites,
  withLocale,
} from './model/index.ts'
export type {
  ArelAttribute,
  ArelCondition,
  ArelExpression,
  ArelTable,
  ConnectingOptions,
  ConnectsToOptions,
  CustomType,
  Database,
  Ref,
  SchemaMetadata,
  SqlFragment,
  SqlLiteral,
  SqlValue,
  Transaction,
  TransactionHandle,
  TransactionOptions,
  TransactionWork,
} from './model/index.ts'
export * from './model/types.ts'
export * from './model/errors.ts'

// Jobs and events
export {
  addJobSerializers,
  aroundEveryEnqueue,
  aroundEveryPerform,
  Duration,
  days,
  EmbeddedBackend,
  exportPrometheusMetrics,
  hours,
  Job,
  JobStep,
  minutes,
  months,
  seconds,
  traceJobs,
  weeks,
  years,
} from './jobs/index.ts'
export type {
  ConcurrencyOptions,
  JobBackend,
  JobCounts,
  JobMeta,
  JobMiddleware,
  JobSerializer,
  JobSpan,
  MetricsOptions,
  NewJob,
  Outcome,
  PrometheusOptions,
  QueueMetrics,
  RateOptions,
  ReservedJob,
  RetryAttempt,
  RetryInterval,
  StepOptions,
  StoredJob,
  TracingApi,
  TracingOptions,
  UniqueOptions,
} from './jobs/index.ts'
export * from './jobs/errors.ts'
export { Event, type EventConstructor, eventMixin, listSubscribers, publish, Subscriber } from './events/index.ts'
export type { EventCall, EventMixin, PublishOptions, SubscribeOptions } from './events/index.ts'
export { DuplicateEventName, InvalidSubscription, NoEvent, NoEventClass, UnknownEvent, UnknownSubscriber } from './events/index.ts'

// Daemons
export { Daemon, type DaemonScope, type DaemonStatus, InvalidDaemonScope } from './daemons/index.ts'

// Channels
export { broadcast, Cable, type CableRequest, type CableTransport, Channel, type ChannelParams, Connection, cable } from './cable/index.ts'
export * from './cable/errors.ts'
export { LocalPubSub, type PubSub, PubSubMissing } from './pubsub/index.ts'

// Caches
export { InvalidCacheKey } from './cache/errors.ts'
export { Cache, cache, type CacheStore, MemoryCacheStore } from './cache/index.ts'

// Words and values
export { camelize, classify, constantName, dasherize, demodulize, foreignKey, humanize, inflections, ordinalize } from './naming/index.ts'
export { parameterize, pluralize, singularize, tableize, titleize, transliterate, underscore } from './naming/index.ts'
export { isBlank, isPresent, presence, toInteger } from './values/index.ts'
