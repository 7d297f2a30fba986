import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { underscore } from '../../src/naming/index.ts'
import type { PortRow } from '../report/rows.ts'
import { RubySource } from '../ruby/index.ts'

/** A model that a gem brings: the table is the application's, the class isn't. Without a table, a module that models include. */
interface GemModel {
  readonly name: string
  readonly gem: string
  readonly table?: string
  /** What speaks of it beside its name. */
  readonly macros?: RegExp
  readonly body: string
}

type Place = Pick<PortRow, 'file' | 'line'>

const models: readonly GemModel[] = [
  {
    name: 'ActiveStorage::Attachment',
    gem: 'Active Storage',
    table: 'active_storage_attachments',
    macros: /\bhas_(?:one|many)_attached\b/,
    body: `belongs_to :record, polymorphic: true, touch: true
belongs_to :blob, class_name: "ActiveStorage::Blob", autosave: true`,
  },
  {
    name: 'ActiveStorage::Blob',
    gem: 'Active Storage',
    table: 'active_storage_blobs',
    body: `has_many :attachments, class_name: "ActiveStorage::Attachment", inverse_of: :blob
has_many :variant_records, class_name: "ActiveStorage::VariantRecord", inverse_of: :blob
has_secure_token :key, length: 28`,
  },
  {
    name: 'ActiveStorage::VariantRecord',
    gem: 'Active Storage',
    table: 'active_storage_variant_records',
    body: `belongs_to :blob, class_name: "ActiveStorage::Blob"
has_one_attached :image`,
  },
  {
    name: 'ActionText::RichText',
    gem: 'Action Text',
    table: 'action_text_rich_texts',
    macros: /\bhas_rich_text\b/,
    body: `belongs_to :record, polymorphic: true, touch: true
has_many_attached :embeds`,
  },
  {
    name: 'Doorkeeper::Application',
    gem: 'doorkeeper',
    table: 'oauth_applications',
    body: `has_many :access_grants, class_name: "Doorkeeper::AccessGrant", foreign_key: :application_id, dependent: :delete_all
has_many :access_tokens, class_name: "Doorkeeper::AccessToken", foreign_key: :application_id, dependent: :delete_all`,
  },
  {
    name: 'Doorkeeper::AccessToken',
    gem: 'doorkeeper',
    table: 'oauth_access_tokens',
    body: 'belongs_to :application, class_name: "Doorkeeper::Application", inverse_of: :access_tokens, optional: true',
  },
  {
    name: 'Doorkeeper::AccessGrant',
    gem: 'doorkeeper',
    table: 'oauth_access_grants',
    body: 'belongs_to :application, class_name: "Doorkeeper::Application", inverse_of: :access_grants, optional: true',
  },
  {
    name: 'PaperTrail::Version',
    gem: 'paper_trail',
    table: 'versions',
    body: 'belongs_to :item, polymorphic: true, optional: true',
  },
  {
    name: 'FriendlyId::Slug',
    gem: 'friendly_id',
    table: 'friendly_id_slugs',
    body: 'belongs_to :sluggable, polymorphic: true',
  },
  {
    name: 'Discard::Model',
    gem: 'discard',
    body: `extend ActiveSupport::Concern
included do
  class_attribute :discard_column, default: :discarded_at
  scope :kept, -> { undiscarded }
  scope :undiscarded, -> { where(discard_column => nil) }
  scope :discarded, -> { where.not(discard_column => nil) }
  scope :with_discarded, -> { unscope(where: discard_column) }
end
def discarded? = self[self.class.discard_column].present?
def undiscarded? = !discarded?
def kept? = !discarded?
def discard = discarded? ? false : update_attribute(self.class.discard_column, Time.current)
def undiscard = discarded? ? update_attribute(self.class.discard_column, nil) : false`,
  },
]

/** The models of gems that the application's models speak of and don't define, as Ruby of their associations.
 *
 * @param root the root of the Rails application
 * @returns each as a file where Rails would look for it; none whose table the schema lacks
 */
export function gemModels(root: string): { source: RubySource; row: PortRow }[] {
  const tables = tablesOf(root)
  const texts = modelTexts(root)
  let text = [...texts.values()].join('\n')
  const waiting = models.filter(({ name, table }) => (table === undefined || tables.has(table)) && !isDefined(name, text))
  const found: GemModel[] = []
  for (let more = true; more; ) {
    const next = waiting.filter((model) => !found.includes(model) && isSpokenOf(model, text))
    found.push(...next)
    text += next.map(({ body }) => body).join('\n')
    more = next.length > 0
  }
  const placeOf = ({ name, table }: GemModel) => (table === undefined ? firstPlace(name, texts) : tables.get(table)!)
  return found.map((model) => ({ source: sourceOf(model), row: rowOf(model, placeOf(model)) }))
}

/** Where the application first speaks of a module. */
function firstPlace(name: string, texts: ReadonlyMap<string, string>): Place {
  const [file, text] = [...texts].find(([, each]) => new RegExp(`\\b${name}\\b`).test(each))!
  return { file, line: text.split('\n').findIndex((line) => new RegExp(`\\b${name}\\b`).test(line)) + 1 }
}

function isSpokenOf({ name, macros }: GemModel, text: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text) || Boolean(macros?.test(text))
}

function isDefined(name: string, text: string): boolean {
  return new RegExp(`\\bclass (?:::)?${name}\\b`).test(text)
}

function sourceOf({ name, gem, table, body }: GemModel): RubySource {
  const lines =
    table === undefined
      ? [`# What models have of a module of ${gem}, without its callbacks.`, `module ${name}`]
      : [
          `# The columns and associations of a class of ${gem}; what else it does is not here.`,
          `class ${name} < ActiveRecord::Base`,
          `self.table_name = "${table}"`,
        ]
  return new RubySource(`app/models/${underscore(name)}.rb`, [...lines, body, 'end', ''].join('\n'))
}

function rowOf({ name, gem, table }: GemModel, at: Place): PortRow {
  if (table === undefined)
    return {
      kind: 'models',
      ...at,
      construct: `module ${name}`,
      status: 'note',
      reason: `a module of ${gem}: its scopes and methods are here, its callbacks are not`,
    }
  const reason = `a class of ${gem}: its columns and associations are here, what else it does is not`
  return { kind: 'models', ...at, construct: `class ${name}`, status: 'note', reason }
}

/** The tables of the schema, with their places. */
function tablesOf(root: string): Map<string, Place> {
  const places: readonly [string, RegExp][] = [
    ['db/schema.rb', /^\s*create_table ["'](\w+)["']/],
    ['db/structure.sql', /^CREATE TABLE (?:[`"]?\w+[`"]?\.)?[`"]?(\w+)[`"]? \(/],
  ]
  const file = places.find(([path]) => existsSync(join(root, path)))
  if (!file) return new Map()
  const [path, head] = file
  const lines = readFileSync(join(root, path), 'utf8').split('\n')
  return new Map(
    lines.flatMap((line, index) => {
      const table = head.exec(line)?.[1]
      return table === undefined ? [] : [[table, { file: path, line: index + 1 }] as const]
    }),
  )
}

function modelTexts(root: string): Map<string, string> {
  const folder = join(root, 'app/models')
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rb'))
  return new Map(names.sort().map((name) => [`app/models/${name}`, readFileSync(join(folder, name), 'utf8')]))
}
