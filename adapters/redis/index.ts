export { type RedisClient, type RedisConnection, requireClientFor } from './client.ts'
export { RedisMissing } from './errors.ts'
export { type RedisRateLimitOptions, redisRateLimitStore } from './rate_limit_store.ts'
export { type RedisSessionOptions, redisSessionStore } from './session_store.ts'
