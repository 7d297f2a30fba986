import { importPeer } from '../../measuring/peers.ts'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'

type Decorator = (target: object, name?: string, descriptor?: PropertyDescriptor | number) => void

interface Common {
  Controller(path: string): Decorator
  Get(path?: string): Decorator
  Post(path?: string): Decorator
  HttpCode(status: number): Decorator
  Param(name: string): Decorator
  Body(): Decorator
  Module(options: { controllers: object[] }): Decorator
}

interface Application {
  useGlobalGuards(...guards: { canActivate(context: { switchToHttp(): { getRequest(): { filtered?: number } } }): boolean }[]): void
  listen(port: number, host: string): Promise<void>
  getUrl(): Promise<string>
}

interface Core {
  readonly NestFactory: { create(module: object, ...rest: object[]): Promise<Application> }
}

/** NestJS: a controller a resource, filters as guards.
 * @param platform what serves below it
 */
export async function startNest(scenario: Scenario, platform: 'express' | 'fastify'): Promise<number> {
  await importPeer('reflect-metadata')
  const common = await importPeer<Common>('@nestjs/common')
  const { NestFactory } = await importPeer<Core>('@nestjs/core')
  class Root {}
  common.Module({ controllers: resourceNames(scenario).map((name) => controller(common, name, scenario)) })(Root)
  const options = { logger: false }
  const application =
    platform === 'express' ? await NestFactory.create(Root, options) : await NestFactory.create(Root, await fastifyAdapter(), options)
  application.useGlobalGuards(
    ...filtersOf(scenario).map((filter) => ({
      canActivate(context: { switchToHttp(): { getRequest(): { filtered?: number } } }) {
        filter(context.switchToHttp().getRequest())
        return true
      },
    })),
  )
  await application.listen(0, '127.0.0.1')
  return Number(new URL(await application.getUrl()).port)
}

async function fastifyAdapter(): Promise<object> {
  const { FastifyAdapter } = await importPeer<{ FastifyAdapter: new () => object }>('@nestjs/platform-fastify')
  return new FastifyAdapter()
}

// What a compiler makes of the decorators.
function controller({ Controller, Get, Post, HttpCode, Param, Body }: Common, name: string, scenario: Scenario): object {
  class Records {
    show(id: string): unknown {
      return shownFor(id, scenario)
    }

    create(body: { id: string }): unknown {
      return recordFor(body.id)
    }
  }
  const decorate = (method: 'show' | 'create', ...decorators: Decorator[]) => {
    for (const one of decorators) one(Records.prototype, method, Object.getOwnPropertyDescriptor(Records.prototype, method)!)
  }
  Controller(`api/${name}`)(Records)
  decorate('show', Get(':id'))
  Param('id')(Records.prototype, 'show', 0)
  decorate('create', Post(), HttpCode(200))
  Body()(Records.prototype, 'create', 0)
  return Records
}
