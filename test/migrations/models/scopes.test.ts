import { expect } from 'chai'
import { modelRb } from '../rails_app.ts'
import { portedStage } from './running.ts'

describe('ported scopes and associations, run on a database,', () => {
  const run = portedStage()

  it('narrow an association by what its record holds, and one through another', async () => {
    const { Form, Reply } = await run(
      'create_table "forms" do |t|\n  t.text "fields"\nend\ncreate_table "questions" do |t|\n  t.bigint "form_id"\n  t.string "code"\nend\ncreate_table "replies" do |t|\n  t.bigint "form_id"\n  t.text "shown"\nend',
      {
        'app/models/form.rb': modelRb(
          'Form',
          `serialize :fields, coder: JSON
has_many :questions
has_many :asked, ->(form) { where(code: form.fields.select { |f| f["on"] }.pluck("code")) }, class_name: "Question", dependent: :destroy`,
        ),
        'app/models/question.rb': modelRb('Question', 'belongs_to :form'),
        'app/models/reply.rb': modelRb(
          'Reply',
          `serialize :shown, coder: JSON
belongs_to :form
has_many :shown_questions, ->(e) { where(code: e.shown.pluck("code")) }, through: :form, source: :questions`,
        ),
      },
    )
    const form = await Form!.createOrThrow({
      fields: [
        { code: 'a', on: true },
        { code: 'b', on: false },
      ],
    })
    for (const code of ['a', 'b', 'c']) await form.questions.createOrThrow({ code })
    expect(await form.asked.pluck('code')).to.deep.equal(['a'])
    const reply = await Reply!.createOrThrow({ form, shown: [{ code: 'b' }, { code: 'c' }] })
    expect((await reply.shown_questions.pluck('code')).toSorted()).to.deep.equal(['b', 'c'])
    const [loaded] = await Form!.includes('asked')
    expect((await loaded.asked).map(({ code }: { code: string }) => code)).to.deep.equal(['a'])
    await form.destroy()
    expect((await form.questions.pluck('code')).toSorted()).to.deep.equal(['b', 'c'])
  })

  it('stay relations where a scope is only asked for, and its rows are not', async () => {
    const { Post } = await run('create_table "posts" do |t|\n  t.string "title"\n  t.boolean "hidden"\nend', {
      'app/models/post.rb': modelRb(
        'Post',
        'scope :shown, -> { where(hidden: false) }\nscope :listed, -> {\n  shown\n  order(:title)\n}\nscope :first_two, -> { listed.limit(2) }',
      ),
    })
    for (const title of ['c', 'a', 'b']) await Post!.createOrThrow({ title, hidden: title === 'a' })
    expect(await Post!.listed().firstTwo().pluck('title')).to.deep.equal(['a', 'b'])
  })

  it('find by roles whom rolify finds', async () => {
    const { User, Role, Team } = await run(
      'create_table "users" do |t|\n  t.string "name"\nend\ncreate_table "teams" do |t|\nend\ncreate_table "roles" do |t|\n  t.string "name"\n  t.string "resource_type"\n  t.bigint "resource_id"\nend\ncreate_table "users_roles" do |t|\n  t.bigint "user_id"\n  t.bigint "role_id"\nend',
      {
        'app/models/user.rb': modelRb(
          'User',
          'rolify\nscope :leaders, -> { with_role(:lead, :any) }\ndef self.some_leader = leaders.sample.name',
        ),
        'app/models/role.rb': modelRb(
          'Role',
          'has_and_belongs_to_many :users, join_table: :users_roles\nbelongs_to :resource, polymorphic: true, optional: true',
        ),
        'app/models/team.rb': modelRb('Team', 'resourcify'),
      },
    )
    const [one, other] = [await Team!.createOrThrow({}), await Team!.createOrThrow({})]
    const given: [user: string, role: string, type: string | null, id: bigint | number | null][] = [
      ['global', 'lead', null, null],
      ['teams', 'lead', 'Team', null],
      ['one', 'lead', 'Team', one.id],
      ['other', 'lead', 'Team', other.id],
      ['guest', 'guest', null, null],
    ]
    for (const [name, role, resource_type, resource_id] of given) {
      const user = await User!.createOrThrow({ name })
      await user.roles.push(await Role!.createOrThrow({ name: role, resource_type, resource_id }))
    }
    const names = async (users: { pluck(name: string): Promise<string[]> }) => (await users.pluck('name')).toSorted()
    expect(await names(User!.leaders())).to.deep.equal(['global', 'one', 'other', 'teams'])
    expect(await names(User!.leaders())).to.include(await User!.someLeader())
    expect(await names(User!.withRole('lead'))).to.deep.equal(['global'])
    expect(await names(User!.withRole('lead', Team))).to.deep.equal(['global', 'teams'])
    expect(await names(User!.withRole('lead', one))).to.deep.equal(['global', 'one', 'teams'])
  })

  it('assign past a reader of an association that the class overrides', async () => {
    const { Account, Folder } = await run(
      'create_table "accounts" do |t|\nend\ncreate_table "folders" do |t|\n  t.bigint "account_id"\n  t.string "name"\nend',
      {
        'app/models/account.rb': modelRb(
          'Account',
          'has_one :folder\nhas_one :other, class_name: "Folder"\ndef folder = super || build_folder(name: "new").tap(&:save!)\ndef other=(value)\n  value.name = "taken"\n  super(value)\nend',
        ),
        'app/models/folder.rb': modelRb('Folder', 'belongs_to :account, optional: true'),
      },
    )
    expect((await (await Account!.createOrThrow({})).folder).name).to.equal('new')
    const account = new Account!({ folder: new Folder!({ name: 'given' }) })
    expect((await account.folder).name).to.equal('given')
    const taking = new Account!({ other: new Folder!({ name: 'given' }) })
    expect((await taking.other).name).to.equal('taken')
  })

  it('ask a delegated type by the names of a constant, the salt of a password, values of a hash and any record for its lock', async () => {
    const { Entry, Message, User } = await run(
      'create_table "entries" do |t|\n  t.string "entryable_type"\n  t.bigint "entryable_id"\n  t.string "title"\n  t.integer "sum"\nend\ncreate_table "messages" do |t|\nend\ncreate_table "comments" do |t|\nend\ncreate_table "users" do |t|\n  t.string "password_digest"\nend',
      {
        'app/models/concerns/entryable.rb':
          'module Entryable\n  extend ActiveSupport::Concern\n  TYPES = %w[Message Comment].freeze\nend\n',
        'app/models/entry.rb': modelRb(
          'Entry',
          `KINDS = { a: "Note", b: "Memo" }
delegated_type :entryable, types: Entryable::TYPES
validates :title, presence: true, if: -> { message? }
before_save { entryable.lock! }
def known_title? = KINDS.value?(title)`,
        ),
        'app/models/message.rb': modelRb('Message', 'include Entryable'),
        'app/models/comment.rb': modelRb('Comment', 'include Entryable'),
        'app/models/user.rb': modelRb('User', 'has_secure_password\ndef tail = password_salt&.last(10)'),
      },
    )
    const entry = new Entry!({ entryable: await Message!.createOrThrow({}) })
    expect(await entry.isValid()).to.equal(false)
    expect(await entry.update({ title: 'Memo' })).to.equal(true)
    expect([entry.isKnownTitle(), new Entry!({ title: 'memo' }).isKnownTitle()]).to.deep.equal([true, false])
    const user = await User!.createOrThrow({ password: 'secret' })
    expect([user.tail(), new User!().tail() ?? null]).to.deep.equal([user.passwordSalt.slice(-10), null])
  })

  it('go through what waits one after the other, and take a parameter that is called after a module for a column’s value', async () => {
    const { Order, Line } = await run(
      'create_table "orders" do |t|\n  t.datetime "issued_at"\nend\ncreate_table "lines" do |t|\n  t.bigint "order_id"\n  t.integer "amount"\nend',
      {
        'app/models/concerns/issued_at.rb':
          'module IssuedAt\n  extend ActiveSupport::Concern\n  included do\n    scope :by_issued_at, ->(issued_at) { where(issued_at: issued_at.all_month) }\n  end\nend\n',
        'app/models/order.rb': modelRb(
          'Order',
          `include IssuedAt
has_many :lines do
  def double!
    each { |line| line.update!(amount: line.amount * 2) }
  end
end
after_destroy { lines.each(&:destroy) }`,
        ),
        'app/models/line.rb': modelRb('Line', 'belongs_to :order'),
      },
    )
    const order = await Order!.createOrThrow({ issued_at: new Date('2024-02-29T23:59:59Z') })
    await Order!.createOrThrow({ issued_at: new Date('2024-03-01T00:00:00Z') })
    expect(await Order!.byIssuedAt(new Date('2024-02-03T00:00:00Z')).ids()).to.deep.equal([order.id])
    for (const amount of [1, 2]) await order.lines.createOrThrow({ amount })
    expect((await order.lines.doubleOrThrow()).map(({ amount }: { amount: number }) => amount)).to.deep.equal([2, 4])
    expect(await Line!.sum('amount')).to.equal(6)
    await order.destroy()
    expect(await Line!.count()).to.equal(0)
  })

  it('take the key of a record that is a value of SQL, so that nothing waits', async () => {
    const { Post, Note, User } = await run(
      'create_table "posts" do |t|\n  t.bigint "user_id"\nend\ncreate_table "notes" do |t|\n  t.bigint "user_id"\n  t.bigint "post_id"\nend\ncreate_table "users" do |t|\nend',
      {
        'app/models/post.rb': modelRb('Post', 'belongs_to :user, optional: true'),
        'app/models/note.rb': modelRb(
          'Note',
          'scope :around, ->(post) { where("user_id = ? OR post_id = ?", post.user, post) }\nscope :latest, -> { order(id: :desc).limit(2) }',
        ),
        'app/models/user.rb': modelRb('User'),
      },
    )
    const user = await User!.createOrThrow({})
    const [post, other] = [await Post!.createOrThrow({ user }), await Post!.createOrThrow({})]
    const ids: (number | bigint)[] = []
    for (const columns of [{ user_id: user.id }, { post_id: post.id }, { post_id: other.id }, { user_id: null }])
      ids.push((await Note!.createOrThrow(columns)).id)
    expect(await Note!.around(post).latest().ids()).to.deep.equal([ids[1], ids[0]])
    expect(await Note!.around(other).latest().ids()).to.deep.equal([ids[2]])
  })
})
