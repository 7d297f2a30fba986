ActiveRecord::Schema[7.2].define(version: 2026_01_01_000000) do
  enable_extension "citext"
  enable_extension "hstore"
  enable_extension "pg_trgm"
  enable_extension "plpgsql"

  create_enum "mood", ["ok", "so-so", "bad"]

  create_table "authors", force: :cascade do |t|
    t.string "name", limit: 80, default: "it's", null: false
    t.citext "email", null: false
    t.enum "mood", default: "so-so", null: false, enum_type: "mood"
    t.datetime "created_at", null: false
    t.datetime "seen_at", precision: nil
    t.index "lower((name)::text)", name: "index_authors_on_lower_name"
    t.index ["email"], name: "index_authors_on_email", unique: true, nulls_not_distinct: true
    t.index ["name"], name: "index_authors_on_name_trgm", opclass: :gin_trgm_ops, using: :gin
    t.check_constraint "char_length(name::text) > 1", name: "name_is_long", validate: false
  end

  create_table "books", id: :uuid, default: -> { "gen_random_uuid()" }, force: :cascade do |t|
    t.integer "author_id", null: false
    t.bigint "editor_id"
    t.string "title", null: false
    t.text "body", default: "", null: false
    t.decimal "price", precision: 8, scale: 2, default: "9.5"
    t.decimal "weight"
    t.float "score", default: 0.5, null: false
    t.float "rank", limit: 24
    t.integer "size", limit: 2, default: 1
    t.boolean "hidden", default: false, null: false
    t.jsonb "data", default: {}, null: false
    t.json "raw", default: []
    t.string "tags", default: [], null: false, array: true
    t.integer "numbers", default: [1, 2], array: true
    t.hstore "settings", default: {}, null: false
    t.tsvector "search"
    t.interval "reading_time"
    t.inet "ip"
    t.binary "cover"
    t.date "printed_on", default: "2026-01-02"
    t.time "opens_at"
    t.timestamptz "sold_at"
    t.uuid "edition"
    t.virtual "title_length", type: :integer, as: "char_length((title)::text)", stored: true
    t.index ["author_id", "title"], name: "index_books_on_author_id_and_title", unique: true, order: { title: :desc }
    t.index ["data"], name: "index_books_on_data", opclass: :jsonb_path_ops, using: :gin
    t.index ["editor_id"], name: "index_books_on_editor_id", where: "(hidden = false)"
    t.index ["price"], name: "index_books_on_price", order: "DESC NULLS LAST"
    t.index ["printed_on"], name: "index_books_on_printed_on", using: :brin
    t.index ["search"], name: "index_books_on_search", using: :gin
    t.index ["size"], name: "index_books_on_size", include: ["score"]
    t.index ["tags"], name: "index_books_on_tags", using: :gin
    t.index ["title"], name: "index_books_on_title", using: :hash
    t.index ["title"], name: "index_books_on_title_pattern", opclass: :varchar_pattern_ops
    t.index ["title_length"], name: "index_books_on_title_length"
  end

  create_table "lines", primary_key: ["order_id", "number"], force: :cascade do |t|
    t.integer "order_id", null: false
    t.integer "number", null: false
    t.bigint "author_id", null: false
  end

  create_table "orders", id: :serial, force: :cascade do |t|
    t.string "code", null: false
    t.bigint "parent_id"
  end

  add_check_constraint "orders", "parent_id <> id", name: "no_own_parent", validate: false
  add_foreign_key "books", "authors", on_delete: :cascade
  add_foreign_key "books", "authors", column: "editor_id", on_delete: :nullify, on_update: :cascade
  add_foreign_key "lines", "authors", deferrable: :deferred
  add_foreign_key "lines", "orders", on_delete: :restrict, validate: false
end
