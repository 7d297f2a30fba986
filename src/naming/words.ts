/** The part of an application in which a word means something. */
export type WordPlace = 'routes' | 'controller' | 'model' | 'relation' | 'job' | 'channel' | 'events'

/** One word of Rails and what it is called here. */
export interface Word {
  readonly rails: string
  readonly ours: string
  readonly place: WordPlace
}

/** Rails' words, a place a line. What they are called here follows from the rules of {@link ourWord}. */
const vocabulary: Readonly<Record<WordPlace, string>> = {
  routes: `get post put patch delete options head match root resources resource namespace scope member collection nested new concern concerns
    constraints defaults controller shallow with_options mount redirect direct resolve draw`,
  controller: `before_action after_action around_action prepend_before_action prepend_after_action prepend_around_action append_before_action
    append_after_action append_around_action skip_before_action skip_after_action skip_around_action rescue_from helper_method wrap_parameters rate_limit
    params request response render head redirect_to redirect_back redirect_back_or_to url_for session cookies headers action_name controller_name
    controller_path respond_to send_data send_file expires_in expires_now fresh_when stale? performed? logger permit require expect permit! to_unsafe_h
    dig fetch authenticate_or_request_with_http_token authenticate_with_http_token authenticate_or_request_with_http_basic authenticate_with_http_basic
    request_http_token_authentication request_http_basic_authentication http_basic_authenticate_with reset_session
    http_basic_authenticate_or_request_with authenticate_with_http_digest authenticate_or_request_with_http_digest
    request_http_digest_authentication protect_from_forgery skip_forgery_protection form_authenticity_token verify_authenticity_token
    verify_same_origin_request verified_request?`,
  model: `belongs_to has_one has_many has_and_belongs_to_many validates validate validates_associated validates_with validates_each
    validates_presence_of validates_uniqueness_of scope default_scope enum attribute attribute_method? delegate delegated_type store_accessor
    serialize normalizes encrypts has_secure_password has_secure_token accepts_nested_attributes_for counter_culture composed_of alias_attribute
    attr_readonly before_validation after_validation before_save around_save after_save before_create around_create after_create before_update
    around_update after_update before_destroy around_destroy after_destroy after_initialize after_find after_touch before_commit after_commit
    after_rollback after_create_commit after_update_commit after_destroy_commit after_save_commit save save! update update! update_attribute
    update_column update_columns destroy destroy! create create! build assign_attributes valid? invalid? new_record? persisted? destroyed?
    changed? changes changed_attributes previous_changes saved_changes saved_change_to_attribute? will_save_change_to_attribute?
    attribute_was attribute_before_last_save reload touch increment increment! decrement decrement! toggle toggle! becomes errors full_messages
    to_param to_key as_json serializable_hash transaction with_lock lock! primary_key table_name human_attribute_name`,
  relation: `all where not rewhere or and merge order reorder reverse_order limit offset select reselect distinct group having joins left_joins
    left_outer_joins includes preload eager_load references extending readonly lock none unscoped unscope from annotate find find_by find_by! find_sole_by
    sole first first! last last! second take take! exists? any? many? none? one? empty? blank? present? count sum average minimum maximum calculate
    pluck pick ids find_each find_in_batches in_batches find_or_create_by find_or_create_by! find_or_initialize_by create_or_find_by
    create_or_find_by! update_all delete_all destroy_all delete_by destroy_by insert insert! insert_all insert_all! upsert upsert_all touch_all
    update_counters to_sql explain load load_async find_by_sql in_order_of excluding without where_clause with with_recursive to_a size length`,
  job: `queue_as queue_with_priority retry_on discard_on after_discard rescue_from before_enqueue around_enqueue after_enqueue before_perform
    around_perform after_perform perform perform_later perform_now perform_all_later set retry_job executions provider_job_id job_id queue_name
    limits_concurrency enqueue_after_transaction_commit`,
  channel: `identified_by connect disconnect reject_unauthorized_connection subscribed unsubscribed stream_from stream_for stop_stream_from
    stop_stream_for stop_all_streams transmit reject broadcast broadcast_to before_subscribe after_subscribe before_unsubscribe after_unsubscribe
    periodically rescue_from params before_command after_command around_command`,
  events: `instrument subscribe unsubscribe monotonic_subscribe subscribed`,
}

/** Words whose name here doesn't follow from the rules. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['permit!', 'permitAll'],
  ['lock!', 'lock'],
  ['exists?', 'exists'],
  ['many?', 'many'],
  ['one?', 'one'],
  ['to_a', 'toArray'],
  ['to_unsafe_h', 'toUnsafe'],
  ['to_h', 'toHash'],
  ['saved_change_to_attribute?', 'savedChangeToAttribute'],
  ['before_filter', 'beforeAction'],
  ['after_filter', 'afterAction'],
  ['around_filter', 'aroundAction'],
  ['skip_before_filter', 'skipBeforeAction'],
])

/** The table of Rails' words and ours: what the porter writes, the guides list, and the “did you mean” hints look up. */
export const words: readonly Word[] = Object.entries(vocabulary).flatMap(([place, list]) =>
  list.split(/\s+/).map((rails) => ({ rails, ours: ourWord(rails), place: place as WordPlace })),
)

/** What a Ruby method is called here: `find_by!` → `findByOrThrow`, `published?` → `isPublished`, `perform_later` → `performLater`.
 *
 * Methods are camel case, a bang is `OrThrow`, a question is `is…`; a few have a name of their own.
 */
export function ourWord(rails: string): string {
  const exception = exceptions.get(rails)
  if (exception !== undefined) return exception
  const stem = rails.replace(/[!?=]$/, '')
  if (!/^[a-z_][a-z0-9_]*$/.test(stem)) return rails
  if (rails.endsWith('?')) return /^(?:is|has|can|should|will|was|did|does)_/.test(stem) ? camelCase(stem) : camelCase(`is_${stem}`)
  return rails.endsWith('!') ? `${camelCase(stem)}OrThrow` : camelCase(stem)
}

/** Leading underscores stay: they mark a method as internal in both languages. Acronyms don't matter to a method's name. */
function camelCase(word: string): string {
  const [, underscores, rest] = /^(_*)(.*)$/.exec(word)!
  return underscores + rest!.replace(/_+([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase())
}
