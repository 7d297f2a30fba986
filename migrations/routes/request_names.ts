import type { RubyNode } from '../ruby/index.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** What constraints may ask of a request and is spelled differently here. */
const renamed = new Map(
  Object.entries({
    remote_ip: 'remoteIp',
    request_method: 'requestMethod',
    script_name: 'scriptName',
    query_string: 'queryString',
    media_type: 'mediaType',
    user_agent: 'userAgent',
    content_type: 'contentType',
    referrer: 'referer',
  }),
)

/** What constraints may ask of Rails' requests only. Names that segments commonly have are left out. */
const onlyInRails = new Set(
  (
    'authorization base_url forwarded_for host_with_port original_fullpath original_url path_info port_string raw_host_with_port request_id ' +
    'server_name server_port server_protocol server_software'
  ).split(' '),
)

/** The name of what a constraint asks for: a segment's as it is, an attribute of the request as it is spelled here.
 *
 * @throws Untranslatable for an attribute that routes can't ask for: without it they would open
 */
export function constraintName(name: string, node: RubyNode, translation: Translation): string {
  if (!renamed.has(name) && !onlyInRails.has(name)) return name
  if (isSegment(name, translation)) return name
  if (onlyInRails.has(name)) throw new Untranslatable(node, `routes don't know the ${name} of a request`)
  return renamed.get(name)!
}

/** Whether a path of the file has a segment of this name: `"/:user_agent"`, `"files/*path_info"`. */
function isSegment(name: string, { source }: Translation): boolean {
  return new RegExp(`["'/(.-][:*]${name}\\b`).test(source.slice(source.tree))
}
