import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { boot } from 'regauge'
import { portModels } from '../../../migrations/index.ts'
import { applicationWith, removeFolders as removeApplications } from '../../application/folder.ts'
import { folderOf, removeFolders } from '../rails_app.ts'

const circles = {
  'app/models/room.rb': `class Room < ApplicationRecord
  include Listed
  def open? = is_a?(Rooms::Open)
  def closed? = is_a?(Rooms::Closed)
  def listing = Directory.new(self)
end`,
  'app/models/rooms/open.rb': 'class Rooms::Open < Room\nend',
  'app/models/rooms/closed.rb': 'class Rooms::Closed < Room\n  LIMIT = Directory::LIMITS[0]\nend',
  'app/models/directory.rb':
    'class Directory\n  LIMITS = [10, 20]\n  def initialize(room) = @room = room\n  def kinds = [Rooms::Open, Rooms::Closed]\nend',
  'app/models/concerns/listed.rb':
    'module Listed\n  extend ActiveSupport::Concern\n  included do\n    after_save :list\n  end\n  def list = Room.count\n  def other = Garden.count\nend',
  'app/models/garden.rb': 'class Garden < ApplicationRecord\n  include Listed\nend',
}

const files = ['room', 'rooms/open', 'rooms/closed', 'directory', 'concerns/listed', 'garden']

describe('models that need each other', () => {
  afterEach(() => {
    removeFolders()
    removeApplications()
  })

  const ported = async (ruby: Record<string, string>): Promise<Record<string, string>> =>
    Object.fromEntries((await portModels(folderOf(ruby))).files.map(({ path, text }) => [path, text]))

  for (const first of files) {
    it(`load when ${first} is the first to be imported`, async () => {
      const root = applicationWith(await ported(circles))
      await import(pathToFileURL(join(root, `app/models/${first}.ts`)).href)
      const application = await boot({ root, env: 'test', serves: false })
      const { Room, RoomsOpen, RoomsClosed } = Object.fromEntries(application.classes().map((each) => [each.name, each])) as Record<
        string,
        new () => { isOpen(): boolean; isClosed(): boolean; listing(): { kinds(): unknown[] } }
      >
      expect(Object.getPrototypeOf(RoomsOpen)).to.equal(Room)
      expect(RoomsClosed).to.have.property('LIMIT', 10)
      const room = Object.create(RoomsOpen!.prototype) as InstanceType<NonNullable<typeof Room>>
      expect([room.isOpen(), room.isClosed(), room.listing().kinds()]).to.deep.equal([true, false, [RoomsOpen, RoomsClosed]])
      await application.stop()
    })
  }

  it('import what needs them once it is there', async () => {
    const { 'app/models/room.ts': room, 'app/models/rooms/open.ts': open } = await ported(circles)
    expect(open).to.equal("import { Room } from '../room.ts'\n\nexport class RoomsOpen extends Room {}\n")
    expect(room).to.contain(`let RoomsOpen: typeof import('./rooms/open.ts').RoomsOpen
whenLoaded(import('./rooms/open.ts'), (module) => {
  RoomsOpen = module.RoomsOpen
})`)
  })

  it('are named as types where no more is asked', async () => {
    const { 'app/models/room.ts': room } = await ported({
      'app/models/room.rb': 'class Room < ApplicationRecord\n  def move(open) = open.touch\nend',
      'app/models/rooms/open.rb': 'class Rooms::Open < Room\n  def follow = Room.new.move(self)\nend',
    })
    expect(room).not.to.contain('whenLoaded')
  })

  it('import at their head what leads nowhere back', async () => {
    const { 'app/models/comment.ts': comment } = await ported({
      'app/models/post.rb': 'class Post < ApplicationRecord\n  def comments = Comment.all\nend',
      'app/models/comment.rb': 'class Comment < ApplicationRecord\n  def posts = Post.all\nend',
    })
    expect(comment).to.contain("import { Post } from './post.ts'")
    expect(comment).not.to.contain('whenLoaded')
  })

  it('fail to load where what they import later does', async () => {
    const root = applicationWith({
      'app/models/garden.ts': "import { whenLoaded } from 'regauge'\nwhenLoaded(import('../../lib/broken.ts'), () => {})\n",
      'lib/broken.ts': "throw new Error('nothing grows')\n",
    })
    const error = await boot({ root, env: 'test', serves: false }).catch((reason: Error) => reason)
    expect(error)
      .to.include({ code: 'REGAUGE_LOAD_FAILED' })
      .and.to.have.property('message')
      .that.contains('lib/broken.ts:1')
      .and.contains('nothing grows')
  })
})
