import { adoption } from './adoption.ts'
import { careLeavers } from './care-leavers.ts'
import { characteristics } from './characteristics.ts'
import type { PublishedTable } from './declaration.ts'
import { lookedAfterNumbers } from './looked-after-numbers.ts'
import { missing } from './missing.ts'
import { newPlacements } from './new-placements.ts'
import { outcomes } from './outcomes.ts'
import { stability } from './stability.ts'
import { wideTables } from './wide-tables.ts'

/**
 * The reviewed mapping of what others publish to what we measure. A row is mapped where its definition is that of the
 * indicator, and to no indicator where it differs, with the reason. Where two tables publish one figure, the one that
 * stands first here is believed first.
 */
export const PUBLISHED_TABLES: readonly PublishedTable[] = [
  ...lookedAfterNumbers,
  ...stability,
  ...newPlacements,
  ...outcomes,
  ...careLeavers,
  ...missing,
  ...adoption,
  ...characteristics,
  ...wideTables,
]
