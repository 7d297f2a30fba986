import { expect } from 'chai'
import { Controller, controllerSettings, UnknownUrl, UnsafeRedirect, useUrlMaker } from '../../src/controller/index.ts'
import { type NotificationEvent, subscribed } from '../../src/notifications/index.ts'
import { type Serving, serve } from './serving.ts'

class Order {
  readonly id = 7
}

class Redirects extends Controller {
  to() {
    this.redirectTo(this.params.string('target')!, { allowOtherHost: this.params.boolean('any') === true })
  }
  moved() {
    this.redirectTo('/new', { status: 'moved_permanently' })
  }
  back() {
    this.redirectBack({ fallbackLocation: '/home' })
  }
  record() {
    this.redirectTo(new Order())
  }
  nested() {
    this.redirectTo(['admin', new Order()], { status: 303 })
  }
  route() {
    this.redirectTo({ action: 'index', page: 2, status: 'see_other' })
  }
  elsewhere() {
    this.redirectTo({ host: 'evil.example' })
  }
  computed() {
    this.redirectTo((controller: Redirects) => `/from/${controller.actionName}`)
  }
  nothing() {
    this.redirectTo(null as never)
  }
  created() {
    this.render({ json: {}, status: 'created', location: new Order() })
  }
  createdHead() {
    this.head('created', { location: new Order() })
  }
  followed() {
    this.redirectTo(this.params.string('target')!)
  }
  from() {
    this.render({ json: { url: this.urlFrom(this.params.string('target')) ?? null } })
  }
}

describe('redirecting', () => {
  let serving: Serving
  before(async () => {
    serving = await serve(Redirects, [
      ...[
        'to',
        'moved',
        'back',
        'from',
        'record',
        'nested',
        'route',
        'elsewhere',
        'computed',
        'nothing',
        'created',
        'createdHead',
        'followed',
      ],
    ])
  })
  after(() => serving.close())
  const to = (target: string, more = '') => serving.get(`to?target=${encodeURIComponent(target)}${more}`)

  it('leads to a path of this host', async () => {
    const answer = await to('/orders?page=2')
    expect(answer.status).to.equal(302)
    expect(answer.headers.get('location')).to.match(/^http:\/\/127\.0\.0\.1:\d+\/orders\?page=2$/)
    expect((await serving.get('moved')).status).to.equal(301)
  })

  it('never leaves the host unasked', async () => {
    const elsewhere = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'http://127.0.0.1@evil.example',
      'javascript:alert(1)',
      'evil',
      '/\t/evil.example',
      'http:evil.example',
    ]
    for (const target of elsewhere) {
      const answer = await to(target)
      expect([answer.status, answer.headers.get('location')], target).to.deep.equal([500, null])
      expect(serving.reported.pop(), target).to.be.instanceOf(UnsafeRedirect)
    }
  })

  it('leaves it when that is allowed', async () => {
    expect((await to('https://other.example/a', '&any=true')).headers.get('location')).to.equal('https://other.example/a')
    controllerSettings.allowedRedirectHosts = ['.friend.example']
    try {
      expect((await to('https://a.friend.example/')).status).to.equal(302)
      expect((await to('https://notfriend.example/')).status).to.equal(500)
    } finally {
      controllerSettings.allowedRedirectHosts = []
    }
  })

  it('leads back to where the client came from, on this host', async () => {
    const back = async (referer: string) => (await serving.get('back', { headers: { referer } })).headers.get('location')
    expect(await back('http://127.0.0.1/there')).to.equal('http://127.0.0.1/there')
    expect(await back('https://evil.example/')).to.match(/\/home$/)
  })

  it('tells whether a location from outside is safe', async () => {
    const from = async (target: string) =>
      ((await serving.get(`from?target=${encodeURIComponent(target)}`)).json as { url: string | null }).url
    expect([await from('/a'), await from('//evil.example'), await from('https://evil.example')]).to.deep.equal(['/a', null, null])
  })

  describe('to what has a URL', () => {
    const location = async (action: string) => (await serving.get(action)).headers.get('location')
    before(() => {
      useUrlMaker((target) => {
        if (target instanceof Order) return `http://127.0.0.1/orders/${target.id}`
        if (Array.isArray(target)) return `http://127.0.0.1/${target[0]}/orders/${target[1].id}`
        const { host = '127.0.0.1', action, ...query } = target as { host?: string; action?: string }
        return `http://${host}/${action}?${new URLSearchParams(query)}`
      })
    })

    after(() => useUrlMaker(undefined))

    it('makes the URL of a record, a list, and of the values of a route with a status among them', async () => {
      expect(await location('record')).to.equal('http://127.0.0.1/orders/7')
      expect(await location('nested')).to.equal('http://127.0.0.1/admin/orders/7')
      expect(await location('route')).to.equal('http://127.0.0.1/index?page=2')
      expect([(await serving.get('nested')).status, (await serving.get('route')).status]).to.deep.equal([303, 303])
    })

    it('asks a function', async () => {
      expect(await location('computed')).to.match(/^http:\/\/127\.0\.0\.1:\d+\/from\/computed$/)
    })

    it('names the place of what was created', async () => {
      expect(await location('created')).to.equal('http://127.0.0.1/orders/7')
      expect(await location('createdHead')).to.equal('http://127.0.0.1/orders/7')
    })

    it('never leaves the host unasked, and nothing has no URL', async () => {
      expect((await serving.get('elsewhere')).status).to.equal(500)
      expect(serving.reported.pop()).to.be.instanceOf(UnsafeRedirect)
      expect((await serving.get('nothing')).status).to.equal(500)
      expect(serving.reported.pop()).to.be.instanceOf(UnknownUrl)
    })
  })

  it('says where it would have led without what must not be logged', async () => {
    const message = async (target: string) => {
      await to(target)
      return (serving.reported.pop() as Error).message
    }
    expect(await message('https://evil.example/?page=2&token=x')).to.equal(
      'Unsafe redirect to "https://evil.example/?page=2&token=[FILTERED]".',
    )
    expect(await message('evil?token=x')).to.equal('Path relative URL redirect detected: "evil?token=[FILTERED]"')
  })

  it('follows a redirect that may lead astray where the application has chosen to be told of it', async () => {
    const told: unknown[] = []
    controllerSettings.onOpenRedirect = (redirect) => told.push(redirect)
    controllerSettings.onPathRelativeRedirect = 'log'
    try {
      const answer = await serving.get('followed?target=https://other.example/')
      expect([answer.status, told]).to.deep.equal([302, [{ location: 'https://other.example/' }]])
      expect((await to('https://other.example/')).status, 'allowOtherHost: false').to.equal(500)

      controllerSettings.onOpenRedirect = 'notify'
      const payloads: unknown[] = []
      const note = (event: NotificationEvent) => payloads.push(event.payload['location'])
      await subscribed('open_redirect.action_controller', note, () => serving.get('followed?target=https://other.example/'))
      expect(payloads).to.deep.equal(['https://other.example/'])
    } finally {
      controllerSettings.onOpenRedirect = 'raise'
      controllerSettings.onPathRelativeRedirect = 'raise'
    }
  })
})
