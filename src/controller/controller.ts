import { BasicAuthentication } from './basic_authentication.ts'
import { markFramework } from './callbacks/action_methods.ts'
import { Callbacks } from './callbacks/callbacks.ts'
import { Redirecting } from './redirecting.ts'
import { Rendering } from './rendering.ts'
import { Rescuing } from './rescuing.ts'
import { TokenAuthentication } from './token_authentication.ts'
import { declareWrapping, type WrapParameters } from './wrapped_parameters.ts'

/** The parent of an application's controllers: its methods are actions, called for the routes that name them.
 *
 * Made of one capability a class: `Metal` (request, response, parameters), `Callbacks`, `Rescuing`, `Rendering`, `Redirecting`, `TokenAuthentication`, `BasicAuthentication`.
 * @example
 * export class OrdersController extends ApplicationController {
 *   static { this.beforeAction('authenticate', { except: ['index'] }) }
 *   async create() {
 *     const order = await Order.createOrThrow(this.params.require('order').permit('amount', 'product_id'))
 *     this.render({ json: order, status: 'created' })
 *   }
 * }
 */
export abstract class Controller extends BasicAuthentication {
  /** Whether and how the values of a JSON body are found below the controller's name too; see `WrapParameters`. */
  static wrapParameters(options: WrapParameters | false): void {
    declareWrapping(this, options)
  }
}

markFramework(Callbacks, Rescuing, Rendering, Redirecting, TokenAuthentication, BasicAuthentication, Controller)
