/** What a session holds, by name. Add the names of an application to have them typed; all others are unknown values.
 *
 * @example
 * declare module 'regauge' {
 *   interface SessionData { user_id?: number }
 * }
 */
export interface SessionData {
  [name: string]: unknown
}
