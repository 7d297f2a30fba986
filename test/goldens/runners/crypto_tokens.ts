import type { Check } from './crypto_values.ts'

export const tokens: Readonly<Record<string, Check>> = {}
