import { expect } from 'chai'
import { InvalidArgument, modelOf, RecordInvalid, RecordNotSaved } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model User {
  id         Int      @id @default(autoincrement())
  name       String   @default("")
  profile_id Int?
  main       Profile? @relation("main", fields: [profile_id], references: [id], onDelete: NoAction, onUpdate: NoAction)
  profile    Profile? @relation("own")
}
model Profile {
  id        Int     @id @default(autoincrement())
  user_id   Int?    @unique
  avatar_id Int?
  bio       String?
  user      User?   @relation("own", fields: [user_id], references: [id], onDelete: NoAction, onUpdate: NoAction)
  users     User[]  @relation("main")
  avatar    Avatar? @relation(fields: [avatar_id], references: [id], onDelete: NoAction, onUpdate: NoAction)
  pictures  Picture[]
}
model Avatar {
  id       Int       @id @default(autoincrement())
  url      String?
  artist_id Int?
  profiles Profile[]
}
model Picture {
  id         Int      @id @default(autoincrement())
  profile_id Int?
  profile    Profile? @relation(fields: [profile_id], references: [id])
}
`
const Model = modelOf<{}>()

class User extends Model('User') {
  declare avatar: PromiseLike<Avatar | null> | Avatar | null
  declare mainAvatar: PromiseLike<Avatar | null> | Avatar | null
  declare picture: PromiseLike<Picture | null> | Picture | null
  declare profile: Profile | null
  declare profile_id: number | null
  declare buildAvatar: (attributes?: object) => Avatar
  declare buildProfile: (attributes?: object) => Profile
  declare createAvatar: (attributes?: object) => Promise<Avatar>
  declare createAvatarOrThrow: (attributes?: object) => Promise<Avatar>
  declare createProfile: (attributes?: object) => Promise<Profile>
  declare reloadAvatar: () => Promise<Avatar | null>
  declare buildPicture: () => Picture
  static {
    this.belongsTo('main', { className: 'Profile', foreignKey: 'profile_id', optional: true })
    this.hasOne('profile')
    this.hasOne('avatar', { through: 'profile' })
    this.hasOne('mainAvatar', { through: 'main', source: 'avatar' })
    this.hasOne('picture', { through: 'profile' })
    this.hasOne('artist', { through: 'avatar' })
  }
}
class Profile extends Model('Profile') {
  declare avatar_id: number | null
  declare bio: string | null
  declare avatar: Avatar | null
  static {
    this.belongsTo('user', { optional: true })
    this.belongsTo('avatar', { optional: true })
    this.hasOne('picture')
  }
}
class Avatar extends Model('Avatar') {
  declare id: number
  declare url: string | null
  static {
    this.belongsTo('artist', { className: 'User', optional: true })
    this.validates('url', { presence: true })
  }
}
class Picture extends Model('Picture') {}

describe('the record of a hasOne through another', () => {
  boundDatabase([User, Profile, Avatar, Picture], () => testDatabase(schema))
  let user: User
  let avatar: Avatar
  beforeEach(async () => {
    for (const model of [Picture, User, Profile, Avatar]) {
      if (model === User) await Profile.updateAll({ user_id: null } as never)
      await model.deleteAll()
    }
    user = await User.createOrThrow({ name: 'a' })
    avatar = await Avatar.createOrThrow({ url: 'x' })
  })
  const profiles = () => Profile.pluck('user_id' as never, 'avatar_id' as never)
  const again = () => User.find(user['id'] as number)

  it('has the record between made, when the owner is saved', async () => {
    user.avatar = avatar
    expect([user.avatar, await profiles()]).to.deep.equal([avatar, []])
    await user.saveOrThrow()
    expect(await profiles()).to.deep.equal([[user['id'], avatar.id]])
    expect([(await (await again()).avatar)?.id, user.profile!.avatar]).to.deep.equal([avatar.id, avatar])
    await user.saveOrThrow()
    expect(await Profile.count()).to.equal(1)
  })

  it('has the record between that is there lead to it, loaded or not', async () => {
    await user.createProfile({ bio: 'kept' })
    await user.updateOrThrow({ avatar } as never)
    expect([user.profile!.bio, await profiles()]).to.deep.equal(['kept', [[user['id'], avatar.id]]])
    const other = await Avatar.createOrThrow({ url: 'y' })
    const found = await again()
    found.avatar = other
    await found.saveOrThrow()
    expect([(await Profile.firstOrThrow()).bio, await profiles()]).to.deep.equal(['kept', [[user['id'], other.id]]])
  })

  it('is saved with it when it is new, of a new owner too', async () => {
    user.avatar = new Avatar({ url: 'n' })
    await user.saveOrThrow()
    const fresh = new User({ name: 'b', avatar: new Avatar({ url: 'q' }) } as never)
    expect(fresh.profile!.avatar).to.equal(fresh.avatar)
    await fresh.saveOrThrow()
    expect(
      await User.joins('avatar' as never)
        .order('id')
        .pluck('name'),
    ).to.deep.equal(['a', 'b'])
    const built = new User({ name: 'c' })
    built.buildProfile({ bio: 'z' })
    built.avatar = avatar
    await built.saveOrThrow()
    expect(await Profile.where({ avatar_id: avatar.id } as never).pluck('bio' as never)).to.deep.equal(['z'])
  })

  it('is left out when it is invalid, and the record between is there without it', async () => {
    user.avatar = new Avatar()
    await user.save()
    expect(await profiles()).to.deep.equal([[user['id'], null]])
  })

  it('takes the record between with it when it is null, and stays itself', async () => {
    user.avatar = null
    await user.saveOrThrow()
    await user.createProfile({ avatar })
    for (const found of [user, await again()]) {
      await Profile.deleteAll()
      await Profile.insertAll([{ user_id: user['id'], avatar_id: avatar.id }] as never)
      if (found === user) await user.reload()
      found.avatar = null
      await found.saveOrThrow()
      expect([found.profile, await Profile.count(), await Avatar.count()]).to.deep.equal([null, 0, 1])
    }
  })

  it('goes through an owner of the record, whose key is written', async () => {
    user.mainAvatar = avatar
    await user.saveOrThrow()
    const found = await again()
    expect([found.profile_id, (await found.mainAvatar)?.id]).to.deep.equal([(await Profile.firstOrThrow())['id'], avatar.id])
    const fresh = new User({ mainAvatar: avatar } as never)
    await fresh.saveOrThrow()
    expect(fresh.profile_id).to.be.a('number')
    found.mainAvatar = null
    await found.saveOrThrow()
    expect([(await again()).profile_id, await Profile.pluck('id')]).to.deep.equal([null, [fresh.profile_id]])
  })

  it('is built and created', async () => {
    const built = user.buildAvatar({ url: 'built' })
    expect([built.isNewRecord(), await Profile.count()]).to.deep.equal([true, 0])
    await user.saveOrThrow()
    expect(await profiles()).to.deep.equal([[user['id'], built.id]])
    const created = await user.createAvatar({ url: 'created' })
    expect(await profiles()).to.deep.equal([[user['id'], created.id]])
    expect((await user.reloadAvatar())?.url).to.equal('created')
    await rejection(user.createAvatarOrThrow(), RecordInvalid)
    await rejection(new User().createAvatar({ url: 'x' }), RecordNotSaved)
  })

  it('is refused where the record between has no key for it, or is more than one', () => {
    expect(() => Object.assign(user, { picture: new Picture() })).to.throw(InvalidArgument, 'Profile.picture is a hasOne: assign it there')
    expect(() => user.buildPicture()).to.throw(InvalidArgument)
    expect(() => Object.assign(user, { artist: user })).to.throw(InvalidArgument, 'goes through more than one other association')
    expect(() => Object.assign(user, { avatar: user })).to.throw(InvalidArgument, "Avatar expected for 'avatar', got User")
  })
})
