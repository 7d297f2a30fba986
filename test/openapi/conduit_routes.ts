import type { RouteInfo } from '../../src/openapi/index.ts'

const route = (verb: string, path: string, target: string): RouteInfo => {
  const [controller = '', action = ''] = target.split('#')
  return { verb, path: `/api${path}(.:format)`, kind: 'action', controller, action }
}

/** The route table of the sample application, as its routes file draws it. */
export const conduitRoutes: RouteInfo[] = [
  { verb: '', path: '/cable', kind: 'mount' },
  route('POST', '/users', 'users#create'),
  route('POST', '/users/login', 'users#login'),
  route('GET', '/user', 'users#show'),
  route('PATCH', '/user', 'users#update'),
  route('PUT', '/user', 'users#update'),
  route('POST', '/profiles/:username/follow', 'profiles#follow'),
  route('DELETE', '/profiles/:username/follow', 'profiles#unfollow'),
  route('GET', '/profiles/:username', 'profiles#show'),
  route('GET', '/articles/feed', 'articles#feed'),
  route('POST', '/articles/:slug/favorite', 'articles#favorite'),
  route('DELETE', '/articles/:slug/favorite', 'articles#unfavorite'),
  route('GET', '/articles/:article_slug/comments', 'comments#index'),
  route('POST', '/articles/:article_slug/comments', 'comments#create'),
  route('DELETE', '/articles/:article_slug/comments/:id', 'comments#destroy'),
  route('GET', '/articles', 'articles#index'),
  route('POST', '/articles', 'articles#create'),
  route('GET', '/articles/:slug', 'articles#show'),
  route('PATCH', '/articles/:slug', 'articles#update'),
  route('PUT', '/articles/:slug', 'articles#update'),
  route('DELETE', '/articles/:slug', 'articles#destroy'),
  route('GET', '/tags', 'tags#index'),
]
