import { expect } from 'chai'
import { Controller } from '../../src/controller/index.ts'
import { Request, Response } from '../../src/http/index.ts'

describe('a controller', () => {
  class Articles extends Controller {}

  const asked = (controller?: string): Controller => {
    const request = new Request({ url: '/', headers: {} } as never)
    if (controller !== undefined) request.pathParameters = { controller, action: 'show' }
    return new Articles(request, new Response({} as never), 'show')
  }

  it('knows its name and its path as the route has them', () => {
    const controller = asked('admin/articles')
    expect([controller.controllerName, controller.controllerPath, controller.actionName]).to.deep.equal([
      'articles',
      'admin/articles',
      'show',
    ])
    expect(asked('tags').controllerName).to.equal('tags')
  })

  it('has no name without a route', () => {
    expect(asked().controllerName).to.equal('')
  })
})
