ActiveRecord::Schema[7.2].define(version: 2026_01_01_000000) do
  create_table "authors", charset: "utf8mb4", force: :cascade do |t|
    t.string "name", limit: 80, default: "it's", null: false
    t.string "email", null: false
    t.datetime "created_at", null: false
    t.datetime "seen_at", precision: nil
    t.index ["email"], name: "index_authors_on_email", unique: true
    t.index ["name"], name: "index_authors_on_name", length: 20
  end

  create_table "books", id: :integer, unsigned: true, charset: "utf8mb4", force: :cascade do |t|
    t.bigint "author_id", null: false
    t.bigint "editor_id"
    t.string "title", null: false
    t.text "body", size: :medium
    t.decimal "price", precision: 8, scale: 2, default: "9.5"
    t.decimal "weight", precision: 10
    t.float "score", limit: 53, default: 0.5, null: false
    t.float "rank"
    t.integer "size", limit: 2, default: 1
    t.integer "stock", unsigned: true
    t.boolean "hidden", default: false, null: false
    t.binary "cover", size: :long
    t.binary "digest", limit: 20
    t.date "printed_on", default: "2026-01-02"
    t.time "opens_at"
    t.timestamp "sold_at", precision: 3
    t.datetime "touched_at", default: -> { "CURRENT_TIMESTAMP(6)" }, null: false
    t.index ["author_id", "title"], name: "index_books_on_author_id_and_title", unique: true
    t.index ["body"], name: "index_books_on_body", type: :fulltext
    t.index ["editor_id"], name: "index_books_on_editor_id"
    t.check_constraint "`size` > 0", name: "size_is_positive"
  end

  create_table "lines", primary_key: ["book_id", "number"], charset: "utf8mb4", force: :cascade do |t|
    t.integer "book_id", null: false, unsigned: true
    t.integer "number", null: false
  end

  add_foreign_key "books", "authors", column: "editor_id", on_delete: :nullify, on_update: :cascade
  add_foreign_key "books", "authors", on_delete: :cascade
  add_foreign_key "lines", "books"
end
