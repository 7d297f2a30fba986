import { expect } from 'chai'
import { drawPortedRoutes, portRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const placesOf = async (files: Record<string, string>) =>
  (await drawPortedRoutes(folderOf(files))).map(({ path, at, origin }) => `${path.replace('(.:format)', '')} ${at} ${origin}`)

describe('where a row of the table comes from', () => {
  afterEach(removeFolders)

  it('is the Ruby line that draws it, in whichever file', async () => {
    const files = {
      'config/routes.rb': routesRb(
        'concern :c do\n  get :x\nend\n\nresources :a,\n  only: :show do\n  concerns :c\n  member { get :y }\nend\n%w[p q].each do |name|\n  get name, to: "a#b"\nend\ndraw :more',
      ),
      'config/routes/more.rb': '\nget "z", to: "a#b"\n',
    }
    expect(await placesOf(files)).to.deep.equal([
      '/a/:a_id/x config/routes.rb:3 app',
      '/a/:id/y config/routes.rb:9 app',
      '/a/:id config/routes.rb:6 app',
      '/p config/routes.rb:12 app',
      '/q config/routes.rb:12 app',
      '/z config/routes/more.rb:2 app',
    ])
  })

  it('is the line of the call that a gem draws for, and the gem', async () => {
    const files = {
      'config/routes.rb': routesRb('get "a", to: "a#b"\ndevise_for :users, only: %i[sessions invitations]\nget "b", to: "a#b"'),
      'app/models/user.rb': 'class User\n  devise :database_authenticatable, :invitable\nend\n',
    }
    expect(await placesOf(files)).to.deep.equal([
      '/a config/routes.rb:2 app',
      '/users/sign_in config/routes.rb:3 gem:devise',
      '/users/sign_in config/routes.rb:3 gem:devise',
      '/users/sign_out config/routes.rb:3 gem:devise',
      '/users/invitation/accept config/routes.rb:3 gem:devise_invitable',
      '/users/invitation/remove config/routes.rb:3 gem:devise_invitable',
      '/users/invitation/new config/routes.rb:3 gem:devise_invitable',
      '/users/invitation config/routes.rb:3 gem:devise_invitable',
      '/users/invitation config/routes.rb:3 gem:devise_invitable',
      '/users/invitation config/routes.rb:3 gem:devise_invitable',
      '/b config/routes.rb:4 app',
    ])
  })

  it('leaves no trace in the text that is written', () => {
    const { files } = portRoutes(folderOf({ 'config/routes.rb': routesRb('resources :a do\n  get :x\nend') }))
    expect(files[0]!.text).to.not.include('\0').and.not.include('config/routes.rb')
  })
})
