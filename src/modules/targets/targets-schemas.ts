import { Type } from 'typebox'
import { unitSchema } from '../../indicators/observation-schema.ts'
import { AuthorityCode, Cursor, pageLimit, textList } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { LONGEST_COMMENTARY } from '../../targets/target-checks.ts'

/** What the calls on targets take and give. */

const strict = { additionalProperties: false } as const

const PERIOD =
  'A reporting year `2024-25`, a quarter of one `2024-25Q4`, a month `2025-03` or a day `2025-03-31`.'

export const OfAuthority = Type.Object({ authority: AuthorityCode }, strict)

export const OfTarget = Type.Object(
  {
    authority: AuthorityCode,
    indicator: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Id of the indicator, as the catalogue at /v1/indicators lists it.',
      examples: ['three-plus-placements-pct'],
    }),
  },
  strict,
)

export const OfPeriodQuery = Type.Object(
  {
    period: Type.String({
      minLength: 1,
      maxLength: 40,
      description: `The period that the target is for. ${PERIOD}`,
      examples: ['2024-25'],
    }),
  },
  strict,
)

export const TargetsQuery = Type.Object(
  {
    period: textList(`Only the targets of these periods; unless given, of all. ${PERIOD}`, '2024-25'),
    indicator: textList('Only the targets of these indicators; unless given, of all.', 'cla-count'),
    limit: Type.Optional(pageLimit(100, 1000)),
    cursor: Type.Optional(Cursor),
  },
  strict,
)

const VALUE =
  'What the authority aims at, in the indicator’s unit: 0 to 100 for a percentage, a whole number for a count; only a score may be below 0. Null where there is only a commentary.'
const AMBER =
  'Where amber ends and red begins, in the same unit: on the worse side of the target, so less than it where higher is better. Null where whatever misses the target is red. An indicator of which neither way is good (`neutral`) has none.'
const COMMENTARY =
  'A line for the board: what stands behind the figure. The service can’t know what a text tells of a child: write nothing in it that must not leave.'

const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

/** What is sent. Read member by member by `readGivenTarget`, which names every fault; this is for readers. */
export const TargetBody = named(
  'TargetBody',
  Type.Object(
    {
      period: Type.String({ description: `What the target is for. ${PERIOD}`, examples: ['2024-25'] }),
      value: Type.Optional(Type.Union([Type.Number(), Type.Null()], { description: VALUE, examples: [10] })),
      amber: Type.Optional(Type.Union([Type.Number(), Type.Null()], { description: AMBER, examples: [12] })),
      commentary: Type.Optional(
        Type.Union([Type.String({ minLength: 1, maxLength: LONGEST_COMMENTARY }), Type.Null()], {
          description: `${COMMENTARY} At most ${LONGEST_COMMENTARY.toLocaleString('en-GB')} characters in one line.`,
        }),
      ),
    },
    {
      ...strict,
      description:
        'A target, a commentary, or both, for one period. What is left out or null is blank afterwards.',
    },
  ),
)

const members = {
  authority: Type.String({ description: 'GSS code of the authority.' }),
  indicator: Type.String({ description: 'Id of the indicator.' }),
  period: Type.String({ description: 'The period that it is for.' }),
  unit: unitSchema,
  value: numberOrNull(VALUE),
  amber: numberOrNull(AMBER),
  commentary: textOrNull(COMMENTARY),
  setBy: Type.String({ description: 'Who set it so: the name of the caller.' }),
  setAt: Type.String({ format: 'date-time', description: 'When it was set so.' }),
  version: Type.Integer({ minimum: 1, description: 'Counts up with every change; the first is 1.' }),
}

export const Target = named(
  'Target',
  Type.Object(members, {
    ...strict,
    description: 'What an authority aims at, or says, for an indicator and a period.',
  }),
)

const { value, amber, commentary, setBy, setAt, version } = members

export const TargetVersion = named(
  'TargetVersion',
  Type.Object(
    {
      version,
      removed: Type.Boolean({ description: 'Whether this version took the target away.' }),
      value,
      amber,
      commentary,
      setBy,
      setAt,
    },
    { ...strict, description: 'A target as it was before.' },
  ),
)

export const TargetWithHistory = named(
  'TargetWithHistory',
  Type.Object(
    {
      ...members,
      history: Type.Array(refTo(TargetVersion), {
        description: 'What it was before, the newest first; at most the last 100 versions.',
      }),
    },
    { ...strict, description: 'A target, and what it was before.' },
  ),
)

export const TargetPage = named(
  'TargetPage',
  Type.Object(
    {
      data: Type.Array(refTo(Target), { description: 'Targets by indicator and period.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
    },
    { ...strict, description: 'A page of an authority’s targets.' },
  ),
)

export const TARGET_SCHEMAS = [TargetBody, Target, TargetVersion, TargetWithHistory, TargetPage]
