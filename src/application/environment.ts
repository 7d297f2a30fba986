/** The name of the environment the process runs in, with the questions Rails' `Rails.env` answers. */
export interface Environment {
  readonly name: string
  readonly isDevelopment: boolean
  readonly isTest: boolean
  readonly isProduction: boolean
}

/** Reads the environment's name: `REGAUGE_ENV`, else `NODE_ENV`, else `development`.
 *
 * @param name takes the place of the variables when given
 * @example environment('test').isTest // true
 */
export function environment(name = process.env['REGAUGE_ENV'] || process.env['NODE_ENV'] || 'development'): Environment {
  return { name, isDevelopment: name === 'development', isTest: name === 'test', isProduction: name === 'production' }
}
