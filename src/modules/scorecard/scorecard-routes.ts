import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Comparisons } from '../../comparison/comparisons.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { DataVersions } from '../../indicators/data-versions.ts'
import type { IndicatorDefinition } from '../../indicators/definition.ts'
import { EveryFault } from '../../indicators/every-fault.ts'
import type { Figures } from '../../indicators/figures.ts'
import type { Audience } from '../../indicators/observation.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { refuseOtherPeriods } from '../../indicators/publication/public-figures.ts'
import { authorityOf } from '../../platform/access/access.ts'
import { audienceOf, FIGURES, mayRead } from '../../platform/access/audience.ts'
import { together } from '../../platform/database/together.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { keptAnswers, notModified, sent } from '../../platform/http/kept-answers.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { AuthorityCode, listOf, refuseQuery } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { CSV_CONTENT_TYPE, representationFor } from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import type { Target } from '../../targets/target-store.ts'
import type { Period } from '../../vocabulary/period.ts'
import { besideAsk, type ReadTargets, type Scorecard, takeScorecard } from './scorecard.ts'
import { SCORECARD_COLUMNS, scorecardCells } from './scorecard-csv.ts'
import {
  Comparison,
  outgoingScorecard,
  ScorecardQuery,
  ScorecardRow,
  ScorecardSheet,
  Trend,
} from './scorecard-schemas.ts'

export interface ScorecardParts {
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly versions: DataVersions
  readonly comparisons: Comparisons
  readonly readTargets: ReadTargets
}

interface Foreseeing {
  readonly authority: string
  readonly given: Period | null
  readonly audience: Audience
}

const MOST_KEPT_BYTES = 16 * 1024 * 1024

/** The board's table in one call: figures, what they were, what was aimed at, and how others fare. */
export function scorecardRoutes(parts: ScorecardParts): FastifyPluginAsyncTypebox {
  const { figures, catalogue, versions, comparisons, readTargets } = parts
  const kept = keptAnswers(MOST_KEPT_BYTES)
  /** What of the validator only the authority's rows tell: which year is the latest, and what is aimed at in it. */
  const foreseen = together(({ authority, given, audience }: Foreseeing) =>
    figures.read([authority], async ({ transaction, latestPeriodOf }) => {
      const period = given ?? latestPeriodOf(authority, audience)
      return { period, targets: await readTargets(transaction, authority, [period.label]) }
    }),
  )

  return async (app) => {
    app.addSchema(Comparison)
    app.addSchema(Trend)
    app.addSchema(ScorecardRow)
    app.addSchema(ScorecardSheet)

    app.get(
      '/v1/authorities/:authority/scorecard',
      {
        config: { cost: 5, scope: FIGURES },
        schema: {
          operationId: 'getScorecard',
          tags: ['Scorecard'],
          summary: 'The board’s table',
          description:
            'For each indicator the figure with its interval, the two periods before and the direction of travel, the target and its colour (RAG), the commentary, and how it stands beside statistical neighbours, region and England: difference, rank, quartile band and significance. As JSON, or as CSV with a row for each indicator (`Accept: text/csv` or `format=csv`). Send the ETag back in If-None-Match: while nothing that the table is made from changes, the answer is 304.',
          params: Type.Object({ authority: AuthorityCode }, { additionalProperties: false }),
          querystring: ScorecardQuery,
          response: {
            200: {
              description: 'The scorecard.',
              content: {
                'application/json': { schema: refTo(ScorecardSheet) },
                'text/csv': { schema: CsvTable },
              },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-indicator', 'unknown-period', 'not-acceptable'),
          },
        },
      },
      async (request, reply) => {
        const faults = new EveryFault()
        const { query } = request
        const authority = faults.reading(() => authorityOf(request, request.params.authority))
        const representation = faults.reading(() => representationFor(request.headers.accept, query.format))!
        const audience = faults.reading(() =>
          audienceOf(request, query.audience, authority === undefined ? [] : [authority.code]),
        )!
        const indicators = faults.reading(() => indicatorsFor(catalogue, query.indicators))!
        const given = faults.reading(() => periodFor(query.period))
        if (audience === 'public' && given) faults.reading(() => refuseOtherPeriods([given]))
        faults.refuse()

        const { code } = authority!
        const mayReadFigures = (other: string) => mayRead(request, other, audience)
        const { period, targets } = await foreseen({ authority: code, given: given ?? null, audience })
        const validatorOf = (version: string, state: string, aims: readonly Target[]): string =>
          etagOf([
            'scorecard',
            code,
            period.label,
            indicators.map(({ id }) => id).join(),
            audience,
            representation,
            version,
            state,
            JSON.stringify(aims),
            figures.edition,
            VERSION,
          ])
        const validator = (card: Scorecard) => validatorOf(card.version, card.state, card.targets)
        const etag = validatorOf(
          (await versions.of([code])).get(code)!,
          await comparisons.state([code], besideAsk({ audience, mayRead: mayReadFigures })),
          targets,
        )
        const isPublic = audience === 'public'
        const take = async (): Promise<Scorecard> => {
          const ask = { authority: code, period, indicators, audience, mayRead: mayReadFigures }
          const card = await takeScorecard(comparisons, readTargets, ask)
          // The version of the records would tell of changes to what is withheld; this one tells of what is shown.
          const shown = () => etagOf([JSON.stringify(card.lines)]).replaceAll('"', '')
          return isPublic ? { ...card, version: shown(), state: '' } : card
        }
        if (representation === 'json')
          return (isPublic ? kept.answerByContent : kept.answer)(request, reply, etag, async () => {
            const card = await take()
            const body = outgoingScorecard(authority!, period.label, audience, card)
            return { etag: validator(card), body: Buffer.from(JSON.stringify(body)) }
          })
        if (!isPublic && isFresh(request, etag)) return notModified(reply, etag)
        const card = await take()
        if (isFresh(request, validator(card))) return notModified(reply, validator(card))
        setValidators(reply, validator(card))
        const fileName = `scorecard-${code}-${period.label}.csv`
        reply.type(CSV_CONTENT_TYPE).header('content-disposition', `attachment; filename="${fileName}"`)
        return sent(
          csvStream(
            SCORECARD_COLUMNS,
            card.lines.map((line) => scorecardCells(authority!, audience, line)),
          ),
        )
      },
    )
  }
}

const periodFor = (text: string | undefined): Period | null =>
  text === undefined ? null : readPeriods([text])[0]!

/** Those named, in the order of the catalogue; unless any are, the headline indicators of all subjects. */
function indicatorsFor(
  catalogue: Catalogue,
  given: readonly string[] | undefined,
): readonly IndicatorDefinition[] {
  if (given === undefined) return catalogue.indicators.filter(({ headline }) => headline)
  const ids = listOf(given)
  if (ids.length === 0) refuseQuery('indicators', 'missing', '`indicators` names nothing.')
  const named = new Set(catalogue.named(ids, '/query/indicators'))
  return catalogue.indicators.filter((indicator) => named.has(indicator))
}
