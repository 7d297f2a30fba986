import { expect } from 'chai'
import { draw, InvalidRoute, type RoutesDsl } from '../../src/routing/index.ts'

function messageOf(block: (dsl: RoutesDsl) => void): string {
  try {
    draw(block)
  } catch (error) {
    if (error instanceof InvalidRoute) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

describe('A line that can not be drawn', () => {
  it('is named with its file and line', () => {
    const message = messageOf(({ get }) => {
      get('/a', { to: 'pages#a' })
      get('/b')
    })
    expect(message).to.match(/test\/routing\/draw_errors\.test\.ts:18: The route '\/b\(\.:format\)' names no controller/)
  })

  it('of a nested block is the inner one', () => {
    const message = messageOf(({ namespace, resources }) =>
      namespace('api', () => {
        resources('articles', { only: 'shwo' as 'show' })
      }),
    )
    expect(message).to.match(/draw_errors\.test\.ts:26: resources 'articles' has no action shwo/)
  })

  it('has a controller or action that is none', () => {
    expect(messageOf(({ get }) => get('/a', { to: 'Admin::Pages#a' }))).to.contain("'Admin::Pages' can't be a controller")
    expect(messageOf(({ get }) => get('/a', { to: 'pages#' }))).to.contain('names no action')
    expect(messageOf(({ get }) => get('/a', { to: 'show' }))).to.contain('names no controller')
  })

  it('takes a name that is taken, or that is none', () => {
    const twice = messageOf(({ get }) => {
      get('/a', { to: 'pages#a', as: 'page' })
      get('/b', { to: 'pages#b', as: 'page' })
    })
    expect(twice).to.contain("The route name 'page' is taken")
    expect(messageOf(({ get }) => get('/a', { to: 'pages#a', as: 'a b' }))).to.contain("'a b' can't be the name of a route")
  })

  it('has requirements with anchors, or a path that can not be read', () => {
    expect(messageOf(({ get }) => get('/:id', { to: 'pages#a', id: /^\d+$/ }))).to.contain("The requirement of 'id' has an anchor")
    expect(messageOf(({ get }) => get('/a(/:b', { to: 'pages#a' }))).to.contain('a parenthesis is not closed')
    expect(messageOf(({ get }) => get('/a)/:b', { to: 'pages#a' }))).to.contain('a closing parenthesis has no opening one')
    expect(messageOf(({ get }) => get('(/:a)'.repeat(12), { to: 'pages#a' }))).to.contain('too many optional parts')
  })

  it('stands where it has no meaning', () => {
    expect(messageOf(({ member }) => member(() => {}))).to.contain('member only has a meaning directly inside of resources')
    expect(messageOf(({ namespace, direct }) => namespace('a', () => direct('b', () => '/')))).to.contain('direct stands at the top')
    expect(messageOf(({ scope }) => scope({ anchor: false }, () => {}))).to.contain('anchor belongs to a single route')
    expect(messageOf(({ get, resources }) => resources('a', () => get('b', { on: 'elsewhere' as 'member' })))).to.contain("not 'elsewhere'")
  })

  it('names a concern or file that does not exist, and the one that was meant', () => {
    const message = messageOf(({ concern, concerns }) => {
      concern('commentable', () => {})
      concerns('comentable')
    })
    expect(message).to.contain("No concern is named 'comentable'. Did you mean commentable?")
    expect(messageOf(({ draw: file }) => file('admin'))).to.contain("There is no routes file 'admin'")
  })

  it('spells an option as Rails does', () => {
    expect(messageOf(({ resources }) => resources('a', { path_names: { new: 'neu' } }))).to.contain(
      "'path_names' isn't an option here; a default of that name is written defaults: { path_names: … }. Did you mean pathNames?",
    )
    expect(messageOf(({ get }) => get('/a', { to: 'pages#a', shallow_path: 'x' }))).to.contain('Did you mean shallowPath?')
  })

  it('asks for an attribute of the request as Rails spells it, which would leave the route open', () => {
    expect(messageOf(({ get }) => get('/a', { to: 'pages#a', constraints: { user_agent: /bot/ } }))).to.contain(
      "'user_agent' is no attribute of a request. Did you mean userAgent?",
    )
    expect(messageOf(({ constraints, get }) => constraints({ remote_ip: '10.0.0.1' }, () => get('/a', { to: 'pages#a' })))).to.contain(
      'Did you mean remoteIp?',
    )
    expect(() => draw(({ get }) => get('/:user_agent', { to: 'pages#a', constraints: { user_agent: /bot/ } }))).not.to.throw()
  })

  it('has an option with a letter too few, too many, wrong or swapped', () => {
    expect(messageOf(({ resources }) => resources('a', { ony: ['index'] }))).to.match(
      /draw_errors\.test\.ts:\d+: 'ony' isn't an option here.* Did you mean only\?/,
    )
    expect(messageOf(({ get }) => get('/a', { to: 'pages#a', contraints: { id: /a/ } }))).to.contain('Did you mean constraints?')
    expect(messageOf(({ namespace }) => namespace('a', { modul: 'b' }, () => {}))).to.contain('Did you mean module?')
    expect(messageOf(({ scope }) => scope({ dfeaults: { a: 1 } }, () => {}))).to.contain('Did you mean defaults?')
  })

  it('may have defaults and segments of any other name, and of those too in defaults', () => {
    const { routes } = draw(({ get }) => {
      get('/a', { to: 'pages#a', section: 'news', model: 'User' })
      get('/b/:ony', { to: 'pages#b', ony: 'x' })
      get('/c', { to: 'pages#c', defaults: { ony: 1 } })
    })
    expect(routes.map(({ defaults: { controller: _, action: __, ...rest } }) => rest)).to.deep.equal([
      { section: 'news', model: 'User' },
      { ony: 'x' },
      { ony: 1 },
    ])
  })

  it('is drawn with a word that does not exist, or with a block that is missing', () => {
    expect(messageOf((dsl) => (dsl as unknown as Record<string, () => void>)['resuorces']!())).to.match(
      /draw_errors\.test\.ts:\d+: 'resuorces' isn't a word of the routes file\. Did you mean resources\?/,
    )
    expect(messageOf(({ scope }) => scope('a', {}, undefined as unknown as () => void))).to.match(/\.ts:\d+: A function .* is missing/)
    expect(messageOf(({ concern }) => concern('a', undefined as unknown as () => void))).to.contain("The concern 'a' needs a function")
  })

  it('has requirements that no path can be matched with', () => {
    const flag = 'v'
    expect(messageOf(({ get }) => get('/:a/:b', { to: 'x#y', a: /(?<n>1)/, b: /(?<n>2)/ }))).to.match(
      /\.ts:\d+: .*make no expression together/,
    )
    expect(messageOf(({ get }) => get('/:a', { to: 'x#y', a: new RegExp('a', flag) }))).to.contain('the flag v')
  })

  it('says no method, or mounts nothing', () => {
    expect(messageOf(({ match }) => match('/a', { to: 'pages#a' }))).to.contain('match needs via')
    expect(messageOf(({ mount }) => mount(10 as unknown as object, { at: '/a' }))).to.contain('mount needs something that answers requests')
    expect(messageOf(({ mount }) => mount(() => {}, {} as { at: string }))).to.contain('mount needs the path to mount at')
  })

  it('is one of resources with a predicate beside the requirement of a segment, which would be lost', () => {
    const message = messageOf(({ resources }) => resources('posts', { id: /\d+/, only: 'show', constraints: () => false }))
    expect(message).to.match(/draw_errors.*a predicate, which requirements of segments can not stand beside/)
  })
})
