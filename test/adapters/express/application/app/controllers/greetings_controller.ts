import { Controller } from 'regauge'

export class GreetingsController extends Controller {
  show(): void {
    this.render({ json: { hello: this.params.get('name'), path: this.request.path } })
  }

  create(): void {
    this.render({ json: this.params.require('greeting').permit('text'), status: 'created' })
  }
}
