import { RouteDispatcher } from '../../../src/application/route_dispatcher.ts'
import type { Controller, ControllerClass } from '../../../src/controller/index.ts'
import { draw } from '../../../src/routing/index.ts'
import { wrapping, wrappingController } from './wrapping_controllers.ts'

const plain = ['posts', 'widgets', 'users', 'persons', 'admin/posts', 'admin/things', 'enc']

/** The recorder's routes, leading to its controllers, whose only actions hand their parameters to `record`. */
export function parsingRouter(record: (controller: Controller) => Promise<void>): RouteDispatcher {
  const names = [...plain, ...Object.keys(wrapping)]
  const controllers = new Map<string, ControllerClass>(names.map((name) => [name, wrappingController(name, record)]))
  const routes = draw(({ match }) => {
    for (const name of names) {
      match(`/${name}`, { to: `${name}#rec`, via: 'all' })
      match(`/${name}/:id`, { to: `${name}#rec`, via: 'all' })
    }
    match('/enc_skip', { to: 'enc#skip', via: 'all' })
    match('/files/*path', { to: 'posts#rec', via: 'all', format: false })
    match('/globf/*path', { to: 'posts#rec', via: 'all' })
    match('/opt(/:a(/:b))', { to: 'posts#rec', via: 'all' })
    match('/defaults/:id', { to: 'posts#rec', via: 'all', defaults: { format: 'json', locale: 'en' } })
    match('/def2(/:id)', { to: 'posts#rec', via: 'all', defaults: { id: '9', extra: 'd' } })
    match('/fmt/:id.:kind', { to: 'posts#rec', via: 'all' })
    match('/date/:y-:m-:d', { to: 'posts#rec', via: 'all' })
  })
  return new RouteDispatcher('', routes, controllers, new Map())
}
