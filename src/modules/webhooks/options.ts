import type { MasterKey } from '../../platform/access/master-key.ts'
import type { Database } from '../../platform/database/database.ts'
import type { AddressRules } from '../../webhooks/webhook-address.ts'

/** What the calls on webhooks work with. */
export interface WebhooksRoutesOptions {
  readonly database: Database
  readonly master: MasterKey
  readonly rules: AddressRules
  readonly now: () => Date
}
