import type { CallNode } from '../../ruby/index.ts'
import type { Translation } from '../translation.ts'
import { deviseFor } from './devise.ts'
import { mountDeviseTokenAuth } from './devise_token_auth.ts'
import { useDoorkeeper, useOpenidConnect } from './doorkeeper.ts'
import type { Expansion } from './expansion.ts'

/** The calls of gems whose routes are known. */
export const gemRoutes: Readonly<Record<string, (node: CallNode, translation: Translation) => Expansion>> = {
  devise_for: deviseFor,
  use_doorkeeper: useDoorkeeper,
  use_doorkeeper_openid_connect: useOpenidConnect,
  mount_devise_token_auth_for: mountDeviseTokenAuth,
}
