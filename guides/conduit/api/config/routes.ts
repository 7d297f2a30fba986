import { cable, draw } from 'regauge'

export default draw(({ get, post, delete: destroy, scope, resources, resource, member, mount }) => {
  mount(cable, { at: '/cable' })
  scope('api', { defaults: { format: 'json' } }, () => {
    post('users', { to: 'users#create' })
    post('users/login', { to: 'users#login' })
    resource('user', { only: ['show', 'update'] })
    resources('profiles', { only: 'show', param: 'username' }, () => {
      member(() => {
        post('follow')
        destroy('follow', { action: 'unfollow' })
      })
    })
    resources('articles', { param: 'slug', except: ['new', 'edit'] }, () => {
      get('feed', { on: 'collection' })
      member(() => {
        post('favorite')
        destroy('favorite', { action: 'unfavorite' })
      })
      resources('comments', { only: ['index', 'create', 'destroy'] })
    })
    resources('tags', { only: 'index' })
  })
})
