ActiveRecord::Schema[7.2].define(version: 2026_01_01_000000) do
  create_table "authors", force: :cascade do |t|
    t.string "name", limit: 80, default: "new", null: false
    t.string "email", null: false
    t.datetime "created_at", null: false
    t.index "lower(name)", name: "index_authors_on_lower_name"
    t.index ["email"], name: "index_authors_on_email", unique: true
  end

  create_table "books", id: :string, force: :cascade do |t|
    t.integer "author_id", null: false
    t.bigint "editor_id"
    t.text "title", null: false
    t.decimal "price", precision: 8, scale: 2, default: "9.5"
    t.float "score", default: 0.5, null: false
    t.integer "size", default: 1
    t.boolean "hidden", default: false, null: false
    t.json "data", default: {}
    t.binary "cover"
    t.date "printed_on"
    t.time "opens_at"
    t.index ["author_id", "title"], name: "index_books_on_author_id_and_title", unique: true, order: { title: :desc }
    t.index ["editor_id"], name: "index_books_on_editor_id", where: "hidden = 0"
  end

  create_table "lines", primary_key: ["book_id", "number"], force: :cascade do |t|
    t.string "book_id", null: false
    t.integer "number", null: false
  end

  add_foreign_key "books", "authors", column: "editor_id", on_delete: :nullify, on_update: :cascade
  add_foreign_key "books", "authors", on_delete: :cascade
  add_foreign_key "lines", "books"
end
