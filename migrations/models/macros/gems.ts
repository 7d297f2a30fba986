/** Macros of gems, by the gem that defines them: they are left, with its name. */
const gems: Readonly<Record<string, string>> = {
  paper_trail: 'has_paper_trail',
  friendly_id: 'friendly_id',
  pg_search: 'pg_search_scope multisearchable',
  aasm: 'aasm aasm_column',
  state_machines: 'state_machine',
  devise: 'devise',
  acts_as_list: 'acts_as_list',
  'acts-as-taggable-on': 'acts_as_taggable acts_as_taggable_on',
  acts_as_tree: 'acts_as_tree',
  awesome_nested_set: 'acts_as_nested_set',
  ancestry: 'has_ancestry',
  paranoia: 'acts_as_paranoid',
  kt_paperclip:
    'has_attached_file validates_attachment validates_attachment_content_type validates_attachment_size do_not_validate_attachment_file_type',
  carrierwave: 'mount_uploader mount_uploaders',
  monetize: 'monetize',
  audited: 'audited',
  rolify: 'rolify resourcify',
  money: 'money register_currency',
  flag_shih_tzu: 'has_flags',
  geocoder: 'geocoded_by reverse_geocoded_by',
  'elasticsearch-model': 'settings mapping mappings index_name document_type',
  searchkick: 'searchkick',
  ransack: 'ransacker ransack_alias',
  nilify_blanks: 'nilify_blanks',
  store_model: 'accepts_store',
  strip_attributes: 'strip_attributes auto_strip_attributes',
  hashid: 'hashid_config',
  sequenced: 'acts_as_sequenced',
  'redis-objects': 'kredis_list kredis_string kredis_flag kredis_integer kredis_counter',
  annotaterb: '',
}

const byMacro = new Map(
  Object.entries(gems).flatMap(([gem, names]) =>
    names
      .split(' ')
      .filter(Boolean)
      .map((name) => [name, gem] as const),
  ),
)

/** The gem that defines a macro; undefined when none is known to. */
export function gemOf(macro: string): string | undefined {
  return byMacro.get(macro)
}
