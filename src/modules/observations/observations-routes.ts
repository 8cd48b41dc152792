import type { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { besideCells, besideColumns } from '../../comparison/comparison-columns.ts'
import { outgoingBeside } from '../../comparison/comparison-schema.ts'
import type { BesideAsk, ComparedPage, Comparisons } from '../../comparison/comparisons.ts'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { DataVersions } from '../../indicators/data-versions.ts'
import { EveryFault } from '../../indicators/every-fault.ts'
import type { Figures, PageAsk, Position, Question } from '../../indicators/figures.ts'
import { outgoing } from '../../indicators/observation-schema.ts'
import { CSV_COLUMNS, csvRowsOf } from '../../indicators/observations-csv.ts'
import { rounded } from '../../indicators/rounded.ts'
import { authoritiesOf, authorityOf } from '../../platform/access/access.ts'
import { audienceOf, FIGURES, mayRead } from '../../platform/access/audience.ts'
import { CsvTable, csvStream } from '../../platform/http/csv.ts'
import { nextLink, readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { keptAnswers, notModified, type Sent, sent } from '../../platform/http/kept-answers.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { AuthorityCode, listOf, refuseQuery } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { CSV_CONTENT_TYPE } from '../../platform/http/representation.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { AUTHORITIES, type Authority } from '../../vocabulary/authority.ts'
import { NO_DATA } from '../../vocabulary/data-version.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { type Asked, type Query, questionOf, readQuery, rowsAtOnce } from './observations-query.ts'
import {
  ComparedObservation,
  Comparison,
  ObservationPage,
  ObservationsOfManyPage,
  OfAuthoritiesQuery,
  OfAuthorityQuery,
  Trend,
} from './observations-schemas.ts'

export interface ObservationsParts {
  readonly figures: Figures
  readonly catalogue: Catalogue
  readonly versions: DataVersions
  readonly comparisons: Comparisons
}

const MOST_KEPT_BYTES = 64 * 1024 * 1024
const READINGS_KEPT = 500

/** Where a page starts, and the state of the data that the page before was made from. */
const Place = Type.Object(
  {
    versions: Type.String({ maxLength: 64 }),
    authority: Type.String({ maxLength: 9 }),
    offset: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  },
  { additionalProperties: false },
)

const DESCRIPTION =
  'Figures in tidy form, one row for one value: as JSON, or as CSV for Excel, Power BI, R and Python (`Accept: text/csv` or `format=csv`). Percentages carry numerator, denominator and confidence interval; a count in a breakdown its share. A figure that the returns held can’t give comes with the status `x`, the reason and the returns that would supply it. Send the ETag back in If-None-Match: while no return changes the figures, the answer is 304 and costs next to nothing.'

/** The figures: one value of one indicator for one authority, period and category. */
export function observationsRoutes({
  figures,
  catalogue,
  versions,
  comparisons,
}: ObservationsParts): FastifyPluginAsyncTypebox {
  const kept = keptAnswers(MOST_KEPT_BYTES)
  const readings = new LRUCache<string, Asked>({ max: READINGS_KEPT })

  /** Whom and what a request asks for; one problem names all that can't be given. */
  function read(
    request: FastifyRequest,
    query: Query,
    readAuthorities: () => readonly Authority[],
  ): { readonly authorities: readonly Authority[]; readonly asked: Asked } {
    const { accept } = request.headers
    const faults = new EveryFault()
    const authorities = faults.reading(readAuthorities)
    const audience = audienceOf(request, query.audience, authorities?.map(({ code }) => code) ?? [])
    const key = `${audience} ${request.url} ${accept ?? ''}`
    const known = authorities && readings.get(key)
    if (known) return { authorities, asked: known }
    const asked = readQuery(catalogue, query, accept, audience, faults)
    faults.refuse()
    // A text of many kilobytes is no dashboard's; it is read again when it comes again.
    if (key.length < 4096) readings.set(key, asked!)
    return { authorities: authorities!, asked: asked! }
  }

  async function answer(
    request: FastifyRequest,
    reply: Pick<FastifyReply, 'header' | 'type' | 'code'>,
    call: 'one' | 'many',
    authorities: readonly Authority[],
    asked: Asked,
    bodyOf: (page: ComparedPage, next: string | null) => unknown,
    fileName: string,
  ): Promise<Sent> {
    const codes = authorities.map(({ code }) => code)
    const question: Question = { ...questionOf(asked), authorities: codes }
    const ask: BesideAsk = {
      ...asked.beside,
      audience: question.audience ?? 'internal',
      mayRead: (code) => mayRead(request, code, question.audience ?? 'internal'),
    }
    const observe = (page: PageAsk): Promise<ComparedPage> => comparisons.observe(question, page, ask)
    const fingerprint = (): string => `${call} ${asked.text} ${codes.join(' ')}`
    const versionsText = ({ versions: held, state }: Pick<ComparedPage, 'versions' | 'state'>): string =>
      `${codes.map((code) => `${code}=${held.get(code)}`).join(' ')} ${state}`
    const etagFor = (versionsNow: string): string => {
      // What "latest" means for an authority without returns moves with the calendar.
      const basis = asked.periods === null ? `${versionsNow} in ${figures.yearOfToday()}` : versionsNow
      if (asked.validator?.basis === basis) return asked.validator.etag
      const etag = etagOf([
        // Of one authority and of several that are one, the figures are the same but not the page around them.
        call,
        asked.text,
        String(asked.limit),
        asked.cursor ?? '',
        asked.representation,
        basis,
        figures.edition,
        VERSION,
      ])
      asked.validator = { basis, etag }
      return etag
    }
    const held = versionsText({
      versions: await versions.of(codes),
      state: await comparisons.state(codes, ask),
    })
    const from = (): Position | null => startOf(asked, fingerprint(), held, codes)
    const cursorOf = (next: Position | null, versionsOfPage: string): string | null =>
      next === null ? null : writeCursor(fingerprint(), { versions: shortened(versionsOfPage), ...next })

    const isPublic = asked.audience === 'public'
    if (asked.representation === 'json') {
      const keeping = isPublic ? kept.answerByContent : kept.answer
      return keeping(request, reply, etagFor(held), async () => {
        const page = await observe({ from: from(), limit: asked.limit! })
        const versionsOfPage = versionsText(page)
        if (versionsOfPage !== held && asked.cursor !== undefined) throw dataChanged()
        const body = bodyOf(isPublic ? tellingNoMore(page, codes) : page, cursorOf(page.next, versionsOfPage))
        return { etag: etagFor(versionsOfPage), body: Buffer.from(JSON.stringify(body)) }
      })
    }

    const etag = etagFor(held)
    if (!isPublic && isFresh(request, etag)) return notModified(reply, etag)
    const limit = asked.limit ?? Number.POSITIVE_INFINITY
    const first = await observe({ from: from(), limit: Math.min(limit, asked.limit ?? rowsAtOnce(asked)) })
    const versionsOfTable = versionsText(first)
    if (versionsOfTable !== held && asked.cursor !== undefined) throw dataChanged()
    const etagOfTable = isPublic
      ? etagOf([call, asked.text, String(asked.limit), JSON.stringify([first.observations, first.beside])])
      : etagFor(versionsOfTable)
    // Of a table that goes on, the beginning is not all; then nobody is told that it is still the same.
    if (isPublic && first.next === null && isFresh(request, etagOfTable))
      return notModified(reply, etagOfTable)
    if (!isPublic || first.next === null) setValidators(reply as FastifyReply, etagOfTable)
    if (asked.limit !== null && first.next !== null)
      reply.header('link', nextLink(request, cursorOf(first.next, versionsOfTable)!))
    const pages = asked.limit === null ? everyPage(observe, first, rowsAtOnce(asked), versionsText) : [first]
    reply.type(CSV_CONTENT_TYPE).header('content-disposition', `attachment; filename="${fileName}.csv"`)
    return sent(csvOf(pages, csvRowsOf(catalogue), asked))
  }

  return async (app) => {
    app.addSchema(Comparison)
    app.addSchema(Trend)
    app.addSchema(ComparedObservation)
    app.addSchema(ObservationPage)
    app.addSchema(ObservationsOfManyPage)

    app.get(
      '/v1/authorities/:authority/observations',
      {
        config: { scope: FIGURES },
        schema: {
          operationId: 'listObservationsOfAuthority',
          tags: ['Observations'],
          summary: 'An authority’s figures',
          description: DESCRIPTION,
          params: Type.Object({ authority: AuthorityCode }, { additionalProperties: false }),
          querystring: OfAuthorityQuery,
          response: {
            200: {
              description: 'The observations.',
              content: {
                'application/json': { schema: refTo(ObservationPage) },
                'text/csv': { schema: CsvTable },
              },
            },
            304: NotModified,
            ...REFUSALS,
          },
        },
      },
      async (request, reply) => {
        const { authorities, asked } = read(request, request.query, () => [
          authorityOf(request, request.params.authority),
        ])
        const { code } = authorities[0]!
        const bodyOf = (page: ComparedPage, next: string | null): Type.Static<typeof ObservationPage> => ({
          data: dataOf(page, asked.decimals),
          next,
          dataVersion: page.versions.get(code)!,
        })
        return answer(request, reply, 'one', authorities, asked, bodyOf, `observations-${code}`)
      },
    )

    app.get(
      '/v1/observations',
      {
        config: { cost: 5, scope: FIGURES },
        schema: {
          operationId: 'listObservations',
          tags: ['Observations'],
          summary: 'Figures of several authorities',
          description: `${DESCRIPTION} An authority that is named but has sent nothing comes with the status \`x\`.`,
          querystring: OfAuthoritiesQuery,
          response: {
            200: {
              description: 'The observations.',
              content: {
                'application/json': { schema: refTo(ObservationsOfManyPage) },
                'text/csv': { schema: CsvTable },
              },
            },
            304: NotModified,
            ...REFUSALS,
          },
        },
      },
      async (request, reply) => {
        const named = listOf(request.query.authority)
        const isNamed = request.query.authority !== undefined
        const { authorities, asked } = read(request, request.query, () =>
          isNamed ? authoritiesNamed(request, named) : authoritiesGranted(request),
        )
        const codes = authorities.map(({ code }) => code)
        // Asked for no one in particular, those who have sent nothing would be all the answer there is.
        const held = isNamed ? null : await versions.of(codes)
        const about =
          held === null ? authorities : authorities.filter(({ code }) => held.get(code) !== NO_DATA)
        const bodyOf = (
          page: ComparedPage,
          next: string | null,
        ): Type.Static<typeof ObservationsOfManyPage> => ({
          data: dataOf(page, asked.decimals),
          next,
          dataVersions: [...page.versions].map(([authority, dataVersion]) => ({ authority, dataVersion })),
        })
        return answer(request, reply, 'many', about, asked, bodyOf, 'observations')
      },
    )
  }
}

const REFUSALS = refusals(
  'unknown-authority',
  'unknown-indicator',
  'unknown-period',
  'unknown-breakdown',
  'invalid-cursor',
  'not-acceptable',
)

/* ---- whom it is about ------------------------------------------------------------------------------------------ */

function authoritiesNamed(request: FastifyRequest, codes: readonly string[]): Authority[] {
  const faults = new EveryFault()
  if (codes.length === 0)
    faults.reading(() => refuseQuery('authority', 'missing', '`authority` names nobody.'))
  const found = codes.map((code) => faults.reading(() => authorityOf(request, code, '/query/authority')))
  faults.refuse()
  return byCode([...new Set(found as Authority[])])
}

const everyAuthority = (authorities: readonly Authority[]): Authority[] => byCode([...authorities])

const byCode = (authorities: Authority[]): Authority[] =>
  authorities.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))

const ALL = everyAuthority(AUTHORITIES)

function authoritiesGranted(request: FastifyRequest): readonly Authority[] {
  const granted = authoritiesOf(request)
  return granted === '*' ? ALL : ALL.filter(({ code }) => granted.has(code))
}

/* ---- pages ----------------------------------------------------------------------------------------------------- */

/** The versions of 150 authorities are long; a cursor needs to know only whether they are the same. */
const shortened = (versionsText: string): string => etagOf([versionsText])

function startOf(
  { cursor }: Asked,
  fingerprint: string,
  versionsText: string,
  codes: readonly string[],
): Position | null {
  if (cursor === undefined) return null
  const place = readCursor(cursor, fingerprint, Place)
  if (place.versions !== shortened(versionsText)) throw dataChanged()
  if (!codes.includes(place.authority)) throw dataChanged()
  return { authority: place.authority, offset: place.offset }
}

function dataChanged(): Refusal {
  const detail =
    'The data changed since the page before: a return was loaded or withdrawn. Begin again without a cursor, so that the pages fit together.'
  return new Refusal('invalid-cursor', detail, [{ pointer: '/query/cursor', code: 'data-changed', detail }])
}

const dataOf = ({ observations, beside }: ComparedPage, decimals: number | null) =>
  observations.map((observation, index) => {
    const figure = outgoing(rounded(observation, decimals))
    const besides = beside[index]
    return besides === undefined ? figure : { ...figure, ...outgoingBeside(besides, decimals) }
  })

/** The page with versions that name what it shows: those of the records would tell of a change that it does not show. */
const tellingNoMore = (page: ComparedPage, codes: readonly string[]): ComparedPage => ({
  ...page,
  versions: new Map(
    codes.map((code) => {
      const shown = page.observations.filter(({ authority }) => authority === code)
      return [code, etagOf([JSON.stringify(shown)]).replaceAll('"', '')]
    }),
  ),
})

/** All pages, each measured when the one before is written. Fails the stream where a return changes the data. */
async function* everyPage(
  observe: (page: PageAsk) => Promise<ComparedPage>,
  first: ComparedPage,
  limit: number,
  versionsText: (page: ComparedPage) => string,
): AsyncGenerator<ComparedPage> {
  yield first
  for (let next = first.next; next !== null; ) {
    const page = await observe({ from: next, limit })
    // Half of one state and half of another would be a table of nothing; a connection cut short says so.
    if (versionsText(page) !== versionsText(first))
      throw new Error('the data changed while the table was written')
    yield page
    next = page.next
  }
}

function csvOf(
  pages: Iterable<ComparedPage> | AsyncIterable<ComparedPage>,
  rowOf: ReturnType<typeof csvRowsOf>,
  { decimals, beside: { comparators, trend } }: Asked,
): Readable {
  async function* rows() {
    for await (const { observations, beside } of pages)
      for (const [index, one] of observations.entries()) {
        const cells = rowOf(rounded(one, decimals))
        const besides = beside[index]
        yield besides === undefined ? cells : [...cells, ...besideCells(besides, decimals)]
      }
  }
  return csvStream([...CSV_COLUMNS, ...besideColumns(comparators, trend)], rows())
}
