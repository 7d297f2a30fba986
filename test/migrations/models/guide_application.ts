/** The tables that the guide to porting models speaks of. */
export const columns = `create_table "posts" do |t|
  t.string "title", null: false
  t.integer "views", null: false
  t.integer "state", null: false
  t.bigint "user_id", null: false
  t.datetime "created_at", null: false
end
create_table "users" do |t|
  t.string "name", null: false
end
create_table "comments" do |t|
  t.bigint "post_id", null: false
  t.bigint "user_id", null: false
  t.boolean "hidden", null: false
end`

/** The files beside the model that a block shows. */
export const extra = {
  'app/models/user.rb': 'class User < ApplicationRecord\n  has_many :posts\nend\n',
  'app/models/comment.rb': 'class Comment < ApplicationRecord\n  belongs_to :post\n  belongs_to :user\nend\n',
  'app/jobs/announce_job.rb': 'class AnnounceJob < ApplicationJob\nend\n',
}
