import { type Static, Type } from 'typebox'
import { categoriesSchema } from '../../indicators/observation-schema.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import type { PublicationChanges as Compared, FigureChange, FigureState } from '../../publications/changes.ts'
import { yearLabel } from '../../vocabulary/period.ts'
import { FrozenSoftware, PublicationRecord } from './publications-schemas.ts'

/** What the comparison of a publication with today gives. */

const strict = { additionalProperties: false } as const
const text = (description: string) => Type.String({ description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

const FigureStateSchema = named(
  'FigureState',
  Type.Object(
    {
      value: numberOrNull('The value; null where `status` says why there is none.'),
      numerator: numberOrNull('What is divided.'),
      denominator: numberOrNull('What it is divided by.'),
      status: textOrNull('Symbol of government statistics: `c`, `z`, `x`, `k`; null where there is none.'),
      asAt: Type.Optional(
        Type.String({ format: 'date', description: 'Of a period that still runs: through which day.' }),
      ),
    },
    { ...strict, description: 'What a figure was, or is.' },
  ),
)

const stateOrNull = (description: string) =>
  Type.Union([refTo(FigureStateSchema), Type.Null()], { description })

const FigureChangeSchema = named(
  'FigureChange',
  Type.Object(
    {
      indicator: text('Id of the indicator.'),
      period: text('The period.'),
      breakdown: categoriesSchema('Category by dimension: empty for the total.'),
      change: Type.Enum(['moved', 'appeared', 'gone'], {
        type: 'string',
        description:
          '`moved`: the value, its parts or its status is another. `appeared`: it is given today and was not. `gone`: it was given and is not today.',
      }),
      from: stateOrNull('As it was published; null where it was not.'),
      to: stateOrNull('As it is today; null where it is not given.'),
      difference: numberOrNull(
        'Value of today less the published one, in the indicator’s unit (percentage points of a percentage); null where either is not known.',
      ),
      movedBy: Type.Array(
        Type.Object(
          {
            cause: Type.Enum(
              [
                'return',
                'return-of-another-year',
                'records',
                'reference',
                'definition',
                'disclosure',
                'software',
              ],
              {
                type: 'string',
                description:
                  '`return`: a return for a year that the figure looks at was loaded, withdrawn or put in force again. `return-of-another-year`: there is none such, but a return of another year, which can tell anew of the same children. `records`: records beside the returns were written. `reference`: reference data was loaded. `definition`: it is calculated otherwise. `disclosure`: it is made safe otherwise. `software`: nothing else is known to have changed.',
              },
            ),
            return: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
              description: 'Id of the return, which is in `returns`; null for the other causes.',
            }),
          },
          { ...strict, description: 'Something that changed since and may have moved the figure.' },
        ),
        { description: 'What may have moved it.' },
      ),
    },
    { ...strict, description: 'A figure that is not as it was published.' },
  ),
)

const ReturnMove = named(
  'ReturnMove',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'Id of the return.' }),
      year: text('The reporting year that it is for.'),
      move: Type.Enum(['loaded', 'withdrawn', 'in-force-again'], {
        type: 'string',
        description: 'What became of it; `in-force-again`: the return that had replaced it was withdrawn.',
      }),
      at: Type.String({ format: 'date-time', description: 'When.' }),
      by: textOrNull('By whom; null for callers that may read public figures only.'),
      counts: Type.Boolean({
        description: 'Whether the figures of today are others for it; `false` where it came and went again.',
      }),
    },
    { ...strict, description: 'A return that was loaded, withdrawn or put in force again since.' },
  ),
)

export const PublicationChanges = named(
  'PublicationChanges',
  Type.Object(
    {
      publication: refTo(PublicationRecord),
      dataVersion: Type.Object(
        { from: text('Of the publication.'), to: text('Of today.') },
        { ...strict, description: 'Version of the authority’s records.' },
      ),
      software: Type.Object(
        { from: refTo(FrozenSoftware), to: refTo(FrozenSoftware) },
        { ...strict, description: 'The software that computed, and that which does so today.' },
      ),
      unchanged: Type.Integer({ minimum: 0, description: 'Figures that are as they were published.' }),
      figures: Type.Array(refTo(FigureChangeSchema), {
        description: 'Figures that are not, those of the earlier periods included.',
      }),
      returns: Type.Array(refTo(ReturnMove), {
        description: 'What became of the returns since, the earliest first.',
      }),
      definitions: Type.Array(
        Type.Object(
          {
            indicator: text('Id of the indicator.'),
            change: Type.Enum(['words', 'calculation', 'words-and-calculation', 'gone'], {
              type: 'string',
              description:
                '`words`: what is said of it. `calculation`: what is counted. `gone`: the software has it no more.',
            }),
          },
          { ...strict, description: 'A definition that is another than when it was frozen.' },
        ),
        { description: 'Definitions that the software has changed since.' },
      ),
      records: Type.Boolean({
        description: 'Whether records beside the returns have been written or deleted since.',
      }),
      reference: Type.Array(
        Type.Object(
          {
            kind: text('Kind of reference data.'),
            from: textOrNull('Its version then; null where there was none.'),
            to: textOrNull('Its version today; null where there is none.'),
          },
          { ...strict, description: 'Reference data that is another.' },
        ),
        { description: 'Reference data that was loaded since.' },
      ),
      disclosure: Type.Boolean({
        description: 'Whether figures for this audience are made safe otherwise today.',
      }),
    },
    { ...strict, description: 'A publication compared with today’s figures for the same audience.' },
  ),
)

export const CHANGES_SCHEMAS = [FigureStateSchema, FigureChangeSchema, ReturnMove, PublicationChanges]

/** A comparison as it goes out. Who loaded a return is told to those who may read internal figures. */
export function givenChanges(
  publication: Static<typeof PublicationRecord>,
  compared: Compared,
  tellsWho: boolean,
): Static<typeof PublicationChanges> {
  return {
    publication,
    dataVersion: { ...compared.dataVersion },
    software: { from: { ...compared.software.from }, to: { ...compared.software.to } },
    unchanged: compared.unchanged,
    figures: compared.figures.map(givenFigure),
    returns: compared.returns.map(({ id, year, move, at, by, counts }) => ({
      id,
      year: yearLabel(year),
      move,
      at,
      by: tellsWho ? by : null,
      counts,
    })),
    definitions: compared.definitions.map((one) => ({ ...one })),
    records: compared.records,
    reference: compared.reference.map((one) => ({ ...one })),
    disclosure: compared.disclosure,
  }
}

const givenFigure = (figure: FigureChange): Static<typeof FigureChangeSchema> => ({
  indicator: figure.indicator,
  period: figure.period,
  breakdown: { ...figure.breakdown },
  change: figure.change,
  from: givenState(figure.from),
  to: givenState(figure.to),
  difference: figure.difference,
  movedBy: figure.movedBy.map((one) => ({
    cause: one.cause,
    return: 'return' in one ? one.return : null,
  })),
})

const givenState = (state: FigureState | null): Static<typeof FigureStateSchema> | null =>
  state === null ? null : { ...state }
