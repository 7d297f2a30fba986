import { Controller, routes } from 'regauge'

export class GreetingsController extends Controller {
  show(): void {
    this.render({ json: { hello: this.params.get('name'), path: this.request.path } })
  }

  links(): void {
    const name = this.params.get('name')
    this.render({ json: { path: routes.greetingPath!(name), url: routes.greetingUrl!(name) } })
  }

  create(): void {
    this.render({ json: this.params.require('greeting').permit('text'), status: 'created' })
  }
}
