import { count, notOurs, type PublishedTable, percentage, table, total } from './declaration.ts'
import { LOOKED_AFTER } from './publications.ts'

const WHERE = 'Location of new placements during the year'
const WHY = 'Reason for placement change during the year'

const REASONS: readonly (readonly [wording: string, code: string])[] = [
  ['Allegation (s47)', 'alleg'],
  ['Approval removed', 'apprr'],
  ["Carer requests placement end other than due to child's behaviour", 'creqo'],
  ["Carer requests placement ends due to child's behaviour", 'creqb'],
  ['Change in the status of a placement only', 'place'],
  ['Change to/implementation of care plan', 'carpl'],
  ['Child requests placement to end', 'child'],
  ['Custody arrangement', 'custod'],
  ['Other', 'other'],
  ['Resignation or closure of provision', 'close'],
  ['Responsible/area authority requests placement ends', 'lareq'],
  ['Standards of care concern', 'stand'],
]

const WHERE_TO: readonly (readonly [wording: string, location: string, distance: string])[] = [
  ['Placed inside LA boundary less than 20 miles from home', 'inside', '20-miles-or-less'],
  ['Placed inside LA boundary more than 20 miles from home', 'inside', 'over-20-miles'],
  ['Placed outside LA boundary less than 20 miles from home', 'outside', '20-miles-or-less'],
  ['Placed outside LA boundary more than 20 miles from home', 'outside', 'over-20-miles'],
]

// Seen in a file, every row of it.
export const newPlacements: readonly PublishedTable[] = [
  table(LOOKED_AFTER, 'la_cla_during_year_new_placements', [
    total('new-placements', [WHERE, 'Total new placements']),
    ...WHERE_TO.map(([wording, location, distance]) =>
      count('new-placements', [WHERE, wording], {
        'placement-location': location,
        'placement-distance': distance,
      }),
    ),
    ...percentage(
      'new-placements-outside-over-20-pct',
      [WHERE, 'Placed outside LA boundary more than 20 miles from home'],
      [WHERE, 'Total new placements'],
    ),
    count('new-placements', [WHERE, 'Distance not known or not recorded'], {
      'placement-distance': 'not-known',
    }),
    total('placement-changes', [WHY, 'Total placements changing']),
    ...REASONS.map(([wording, code]) =>
      count('placement-changes', [WHY, wording], { 'placement-change-reason': code }),
    ),
    // Not seen in the file; older files have it.
    notOurs([WHY, 'Not recorded'], 'who left the reason out is not said to be who gave none'),
  ]),
]
