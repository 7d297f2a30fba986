import { BasicAuthentication } from './basic_authentication.ts'
import { markFramework } from './callbacks/action_methods.ts'
import { Callbacks } from './callbacks/callbacks.ts'
import { ConditionalGet } from './conditional_get.ts'
import { DigestAuthentication } from './digest_authentication.ts'
import { constructDirectly } from './direct_construction.ts'
import { Metal } from './metal.ts'
import { RateLimiting } from './rate_limiting.ts'
import { Redirecting } from './redirecting.ts'
import { Rendering } from './rendering.ts'
import { RequestForgeryProtection } from './request_forgery_protection.ts'
import { Rescuing } from './rescuing.ts'
import { Responding } from './responding.ts'
import { SendingFiles } from './sending_files.ts'
import { ServerSentEvents } from './server_sent_events.ts'
import { Sessions } from './sessions.ts'
import { Streaming } from './streaming.ts'
import { TokenAuthentication } from './token_authentication.ts'
import { declareEncoding, declareSkippedEncoding } from './parameter_encoding.ts'
import { declareWrapping, type WrapParameters, type WrapTarget } from './wrapped_parameters.ts'

/** The parent of an application's controllers: its methods are actions, called for the routes that name them.
 *
 * Made of one capability a class: `Metal` (request, response, parameters), `Callbacks`, `Rescuing`, `Rendering`, `Responding`, `SendingFiles`,
 * `Streaming`, `ServerSentEvents`, `ConditionalGet`, `Redirecting`, `TokenAuthentication`, `BasicAuthentication`, `DigestAuthentication`,
 * `Sessions` (and cookies), `RequestForgeryProtection`, `RateLimiting`.
 * @example
 * export class OrdersController extends ApplicationController {
 *   static { this.beforeAction('authenticate', { except: ['index'] }) }
 *   async create() {
 *     const order = await Order.createOrThrow(this.params.require('order').permit('amount', 'product_id'))
 *     this.render({ json: order, status: 'created' })
 *   }
 * }
 */
export abstract class Controller extends RateLimiting {
  /** Whether and how the values of a JSON body are found below a name too: the controller's, unless one or a model is given.
   * @example this.wrapParameters('board', { include: ['name', 'all_access'] })
   * @example this.wrapParameters({ format: ['json'] })
   * @example this.wrapParameters(false)
   */
  static wrapParameters(target: WrapTarget, options?: WrapParameters): void {
    declareWrapping(this, target, options)
  }

  /** Adds to what `process_action.action_controller` tells its subscribers of this request. Called when the action has ended, and only when
   * somebody listens.
   * @example
   * override appendInfoToPayload(payload: Record<string, unknown>) {
   *   payload['user_id'] = this.currentUser?.id
   * }
   */
  appendInfoToPayload(_payload: Record<string, unknown>): void {}

  /** Reads a parameter of an action, and what is below it, in another encoding than UTF-8, for clients that are older than it.
   * @throws UnknownEncoding (REGAUGE_UNKNOWN_ENCODING) at boot
   * @example static { this.paramEncoding('import', 'file_path', 'shift_jis') }
   */
  static paramEncoding(action: string, param: string, encoding: string): void {
    declareEncoding(this, action, param, encoding)
  }

  /** Leaves the parameters of an action undecoded: each byte is a character of the text, as `Buffer.from(text, 'latin1')` takes them. */
  static skipParameterEncoding(action: string): void {
    declareSkippedEncoding(this, action)
  }
}

markFramework(
  Callbacks,
  Rescuing,
  Rendering,
  Responding,
  SendingFiles,
  Streaming,
  ServerSentEvents,
  ConditionalGet,
  Redirecting,
  TokenAuthentication,
  BasicAuthentication,
  DigestAuthentication,
  Sessions,
  RequestForgeryProtection,
  RateLimiting,
  Controller,
)

constructDirectly(Controller, Metal)
