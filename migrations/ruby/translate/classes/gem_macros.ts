import { pluralize, tableize } from '../../../../src/naming/index.ts'
import { argumentsOf, type CallNode, is, literalText, type RubyNode } from '../../nodes.ts'
import { RubySource } from '../../source.ts'

/** A macro of a gem as the macros of Rails that it stands for. */
export interface MacroExpansion {
  readonly source: RubySource
  readonly nodes: readonly RubyNode[]
  /** What the gem adds beside them, as the report says it. */
  readonly missing: string
}

/** What is known where a macro stands: the class, and whether another is defined. */
interface Surroundings {
  readonly name: string
  readonly file: string
  isDefined(name: string): boolean
}

type Expand = (name: string, option: (key: string) => string | undefined, at: Surroundings) => string | undefined

const expansions: Readonly<Record<string, { readonly expand: Expand; readonly missing: string }>> = {
  has_one_attached: { expand: attached('has_one'), missing: 'its rows are read; files are not kept, served or purged' },
  has_many_attached: { expand: attached('has_many'), missing: 'its rows are read; files are not kept, served or purged' },
  has_rich_text: { expand: richText, missing: 'its rows are read and written; a text is not rendered' },
  rolify: {
    expand: rolify,
    missing: 'its associations, and with_role where it is not strict, are here; the other methods of rolify are not',
  },
  resourcify: { expand: resourcify, missing: 'its associations are here; the methods of rolify are not' },
}

const known = new WeakMap<CallNode, MacroExpansion>()

/** What a macro of a gem declares; undefined for other macros, and where the tables that it needs are not there. */
export function macroExpansion(call: CallNode, at: Surroundings): MacroExpansion | undefined {
  const found = known.get(call)
  if (found) return found
  if (call.receiver || !Object.hasOwn(expansions, call.name)) return undefined
  const { positional, pairs } = argumentsOf(call)
  const name = positional.length === 0 ? '' : literalText(positional[0])
  if (name === undefined || !/^\w*$/.test(name)) return undefined
  const option = (key: string): string | undefined => {
    const pair = pairs.find((each) => is(each, 'AssocNode') && literalText(each.key as RubyNode) === key)
    if (!is(pair, 'AssocNode')) return undefined
    return is(pair.value as RubyNode, 'TrueNode') ? 'true' : literalText(pair.value as RubyNode)
  }
  const { expand, missing } = expansions[call.name]!
  const text = expand(name, option, at)
  if (text === undefined) return undefined
  const source = new RubySource(at.file, text)
  const expansion = { source, nodes: source.statements, missing }
  known.set(call, expansion)
  return expansion
}

/** Active Storage: the rows between a record and its files. */
function attached(kind: 'has_one' | 'has_many'): Expand {
  return (name, _option, { isDefined }) => {
    if (name === '' || !isDefined('ActiveStorage::Attachment')) return undefined
    const [rows, files] = kind === 'has_one' ? [`${name}_attachment`, `${name}_blob`] : [`${name}_attachments`, `${name}_blobs`]
    return [
      `${kind} :${rows}, -> { where(name: "${name}") }, class_name: "ActiveStorage::Attachment", as: :record, inverse_of: :record`,
      `${kind} :${files}, through: :${rows}, class_name: "ActiveStorage::Blob", source: :blob`,
      `scope :with_attached_${name}, -> { includes(${rows}: :blob) }`,
    ].join('\n')
  }
}

/** Action Text: a row for each text. */
function richText(name: string, _option: unknown, { isDefined }: Surroundings): string | undefined {
  if (name === '' || !isDefined('ActionText::RichText')) return undefined
  const row = `rich_text_${name}`
  return [
    `has_one :${row}, -> { where(name: "${name}") }, class_name: "ActionText::RichText", as: :record, inverse_of: :record, autosave: true, dependent: :destroy`,
    `scope :with_${row}, -> { includes(:${row}) }`,
    ...(isDefined('ActiveStorage::Attachment')
      ? [`scope :with_${row}_and_embeds, -> { includes(${row}: { embeds_attachments: :blob }) }`]
      : []),
  ].join('\n')
}

/** Whom rolify finds by a role: of any resource, of none, or of a class or a record and of all above it. */
const withRole = `scope :with_role, ->(role, resource = nil) {
  named = joins(:roles).where(roles: { name: role })
  return named if resource == :any

  general = named.where(roles: { resource_type: nil, resource_id: nil })
  return general if resource.nil?

  of_class = general.or(named.where(roles: { resource_type: (resource.is_a?(Class) ? resource : resource.class).polymorphic_name, resource_id: nil }))
  return of_class if resource.is_a?(Class)

  of_class.or(named.where(roles: { resource_type: resource.class.polymorphic_name, resource_id: resource.id }))
}`

/** What has roles, by a table between. */
function rolify(_name: string, option: (key: string) => string | undefined, { name }: Surroundings): string {
  const role = option('role_cname') ?? 'Role'
  const table = option('role_join_table_name') ?? `${tableize(name).replaceAll('/', '_')}_${tableize(role).replaceAll('/', '_')}`
  return [
    `has_and_belongs_to_many :roles, class_name: "${role}", join_table: "${table}"`,
    ...(option('strict') === undefined ? [withRole] : []),
  ].join('\n')
}

/** What roles are of. */
function resourcify(name: string, option: (key: string) => string | undefined): string {
  const role = option('role_cname') ?? 'Role'
  const dependent = option('dependent') ?? 'destroy'
  return `has_many :${name === '' ? pluralize('role') : name}, class_name: "${role}", as: :resource, dependent: :${dependent}`
}
