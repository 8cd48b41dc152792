import type { KeptGrant } from '../../platform/database/access-tables.ts'
import { SERVICE } from '../../platform/database/idempotency-keys.ts'

/** What the answers of the calls on access have in common. */

/** Whose the changes are, for `answerOnce`: who may call is no authority’s affair alone. */
export const OF_SERVICE = { authority: SERVICE }

export const PRIVATE = 'private, no-store'

/** A client with ten keys and fifty grants takes less. */
export const LARGEST_BODY = 256 * 1024

export const BODY_REFUSALS = ['unsupported-media-type', 'upload-too-large'] as const

export const ETAG_HEADER = {
  etag: { type: 'string', description: 'Stands for the state of the resource, for `If-Match`.' },
}

export const LOCATION_HEADER = {
  location: { type: 'string', description: 'The address of what was made.' },
}

/** Grants as they are given out. */
export const givenGrants = (grants: readonly KeptGrant[]) =>
  grants.map(({ scopes, authorities }) => ({ scopes: [...scopes], authorities: [...authorities] }))
