import { COMPARATORS } from '../../comparison/comparison.ts'
import { besideCells, besideColumns } from '../../comparison/comparison-columns.ts'
import type { Audience } from '../../indicators/observation.ts'
import type { Cell } from '../../platform/http/csv.ts'
import type { Authority } from '../../vocabulary/authority.ts'
import { PERIODS_BEFORE, type ScorecardLine } from './scorecard.ts'

type Column = readonly [name: string, cell: (line: ScorecardLine, audience: Audience) => Cell]

const COLUMNS: readonly Column[] = [
  ['period', ({ observation }) => observation.period],
  ['subject', ({ indicator }) => indicator.subject],
  ['indicator', ({ indicator }) => indicator.id],
  ['indicator_title', ({ indicator }) => indicator.title],
  ['unit', ({ indicator }) => indicator.unit],
  ['polarity', ({ indicator }) => indicator.polarity],
  ['value', ({ observation }) => observation.value],
  ['status', ({ observation }) => observation.status],
  ['numerator', ({ observation }) => observation.numerator],
  ['denominator', ({ observation }) => observation.denominator],
  ['interval_lower', ({ observation }) => observation.interval?.lower],
  ['interval_upper', ({ observation }) => observation.interval?.upper],
  ['incomplete', ({ observation }) => observation.incomplete === true],
  ['as_at', ({ observation }) => observation.asAt],
  ['reason', ({ observation }) => observation.reason],
  ['target', ({ target }) => target?.value],
  ['target_amber', ({ target }) => target?.amber],
  ['rag', ({ rag }) => rag],
  ['rag_reason', ({ ragReason }) => ragReason],
  ['commentary', ({ target }, audience) => (audience === 'internal' ? target?.commentary : null)],
]

/** The board's table as a tidy one: a row for each indicator. */
export const SCORECARD_COLUMNS: readonly string[] = [
  'new_la_code',
  'la_name',
  ...COLUMNS.map(([name]) => name),
  ...besideColumns(COMPARATORS, PERIODS_BEFORE),
]

export const scorecardCells = (
  { code, name }: Authority,
  audience: Audience,
  line: ScorecardLine,
): Cell[] => [
  code,
  name,
  ...COLUMNS.map(([, cell]) => cell(line, audience)),
  ...besideCells(line.beside, null),
]
