export { type CreateLoggerOptions, createLogger, type LogStream } from './create_logger.ts'
export { type LogFields, type Logger, type LogLevel, logger, useLogger } from './logger.ts'
export { defaultFilterParameters, type FilterParameter, parameterFilter } from './parameter_filter.ts'
export { filterParameters, type RequestLogEntry, requestLog } from './request_log.ts'
