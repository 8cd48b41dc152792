import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { type ToldSeries, toldSeries } from '../../comparison/told-series.ts'
import type { Database } from '../../platform/database/database.ts'
import { VERSION } from '../../platform/http/openapi.ts'
import { AuthorityCode } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, NotModified, setValidators } from '../../platform/http/preconditions.ts'
import { describe, problemResponse, refusals } from '../../platform/http/problem.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { arriving, isWithoutBody, streamBodies } from '../../platform/http/streamed-body.ts'
import { kindNamed } from '../../reference/kinds.ts'
import { loadReference, type ReferenceHooks } from '../../reference/load-reference.ts'
import { readHeldSeries } from '../../reference/loaded-series.ts'
import { NEIGHBOUR_SETS } from '../../reference/neighbours.ts'
import { REFERENCE_KINDS, type ReferenceKindName } from '../../reference/reference-kind.ts'
import { type ReferenceState as HeldState, readState, readStates } from '../../reference/reference-state.ts'
import { newQueue } from '../../returns/in-turn.ts'
import { newByteCounter, tooLarge } from '../../returns/incoming-files.ts'
import { findAuthority, nearAuthorities } from '../../vocabulary/authority.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import { codeHeld, readAuthorities } from './reference-queries.ts'
import {
  LoadReferenceQuery,
  LocalAuthority,
  LocalAuthorityList,
  OfKind,
  PublishedSeriesList,
  REFERENCE_SCHEMAS,
  ReferenceAnswer,
  ReferenceBody,
  ReferenceList,
  ReferenceProblem,
  ReferenceQuery,
  ReferenceState,
  SeriesQuery,
} from './reference-schemas.ts'

export interface ReferenceRoutesOptions {
  readonly database: Database
  readonly uploadLimitBytes: number
  /** Runs within a load's transaction when something has changed. */
  readonly afterwards?: ReferenceHooks['afterwards']
  /** Called after every change that was committed. */
  readonly onChange?: () => void
}

const MEDIA_TYPES = ['text/csv', 'application/gzip', 'application/octet-stream', 'application/x-gzip']

/** Public knowledge: whoever may call at all may read it. */
const READERS = ['observations:read', 'observations:read:public', 'returns:write', 'reference:write'] as const

/** Reference data: loading it, what is held of it, and the authorities that it tells of. */
export const referenceRoutes =
  (options: ReferenceRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { database, uploadLimitBytes: bytes, afterwards, onChange } = options
    const inTurn = newQueue()

    for (const schema of REFERENCE_SCHEMAS) app.addSchema(schema)
    streamBodies(app, MEDIA_TYPES)

    app.put(
      '/v1/reference/:kind',
      {
        config: { scope: 'reference:write', loads: 'reference' },
        bodyLimit: bytes,
        schema: {
          operationId: 'loadReference',
          tags: ['Reference data'],
          summary: 'Load reference data',
          description: `Loads a file of one kind, all or nothing, in the place of what was held. The body is CSV in UTF-8, plain or gzipped (known by its first bytes); columns are known by their names, in any order and beside any others.

- \`authorities\`: \`code, dfe_code, name, region, type, existed_from, existed_until\`, or the list of local authorities with \`la_code, la_code_new\`. Authorities that it leaves out stay.
- \`neighbours\`: the sets of 2021 (\`LA number, SN1, SNP …\`) and 2025 (\`old_la_code, SN_1, SN_1P …\`), kept side by side.
- \`population\`: mid-year estimates of children aged 0 to 17 as Explore Education Statistics gives them.
- \`postcodes\`: the ONS Postcode Directory (\`pcds\`, \`oseast1m\`, \`osnrth1m\`, \`oslaua\`, or the names of other editions).
- \`districts\`: \`district, authority\`, or lower tier to upper tier (\`LTLA23CD, UTLA23CD\`). Districts that it leaves out, merged ones among them, stay.
- \`adjacent\`: \`authority, adjacent_authority\`.
- \`comparators\`: published figures, as Explore Education Statistics or the Local Authority Interactive Tool gives them. They add to those held. The answer lists every series of the file: those that are figures of ours, and those that are not, with the reason.

The same content again changes nothing and says so (\`unchanged\`), so the call can be repeated. A file with faults is refused with every fault named (422), and nothing changes. Figures that go by the data are those of the new data from the moment this answers.`,
          params: OfKind,
          querystring: LoadReferenceQuery,
          body: ReferenceBody,
          response: {
            200: {
              description: 'The file is loaded, was loaded already, or was checked.',
              content: { 'application/json': { schema: refTo(ReferenceAnswer) } },
            },
            ...refusals('unknown-reference', 'nothing-sent', 'upload-too-large', 'unsupported-media-type'),
            422: problemResponse(describe(['reference-refused', 'not-reference-data']), ReferenceProblem),
          },
        },
      },
      async (request, reply) => {
        const kind = kindNamed(request.params.kind)
        const { set = null, table = null, dryRun = false } = request.query
        if (set !== null && kind.name !== 'neighbours') throw setOfNoNeighbours()
        if (table !== null && kind.name !== 'comparators') throw tableOfNoComparators()
        if (isWithoutBody(request))
          throw new Refusal('nothing-sent', 'The request has no body; send the file of reference data.')
        if (Number(request.headers['content-length'] ?? 0) > bytes) throw tooLarge(bytes)
        const counted = newByteCounter({ bytes })
        const outcome = await inTurn(kind.name, () =>
          loadReference(
            database,
            { kind, set, table, dryRun, loadedBy: request.caller.name },
            counted(arriving(request)),
            afterwards ? { afterwards } : {},
          ),
        )
        request.loaded = { result: outcome.result, rows: outcome.rowsRead }
        if (outcome.result === 'loaded') onChange?.()
        const { result, state, layout, rowsRead, rowsPassedOver, rowsChanged, series } = outcome
        reply.header('cache-control', 'private, no-store')
        return {
          result,
          reference: given(state),
          layout,
          rowsRead,
          rowsPassedOver,
          rowsChanged,
          ...(kind.name === 'comparators' && { series: inAnswer(toldSeries(series)) }),
        }
      },
    )

    app.get(
      '/v1/reference',
      {
        config: { scope: READERS },
        schema: {
          operationId: 'listReference',
          tags: ['Reference data'],
          summary: 'What reference data is held',
          description:
            'Every kind of reference data, whether it is held or not, with its version. Figures that need a kind that is not held are `x`.',
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: refTo(ReferenceList), 304: NotModified, ...refusals() },
        },
      },
      async (request, reply) => {
        const states = await database.read([], readStates)
        const etag = etagOf([VERSION, 'reference', JSON.stringify(states)])
        setValidators(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return { data: everyState(states), next: null }
      },
    )

    app.get(
      '/v1/reference/:kind',
      {
        config: { scope: READERS },
        schema: {
          operationId: 'getReference',
          tags: ['Reference data'],
          summary: 'What is held of one kind of reference data',
          description:
            'What is held of a kind, with its version. Of statistical neighbours the set of 2025, unless another is asked for.',
          params: OfKind,
          querystring: ReferenceQuery,
          response: { 200: refTo(ReferenceState), 304: NotModified, ...refusals('unknown-reference') },
        },
      },
      async (request, reply) => {
        const { name } = kindNamed(request.params.kind)
        if (request.query.set !== undefined && name !== 'neighbours') throw setOfNoNeighbours()
        const set = name === 'neighbours' ? (request.query.set ?? NEIGHBOUR_SETS.at(-1)!) : null
        const states = everyState(await database.read([], readStates))
        const state = states.find((one) => one.kind === name && one.set === set)!
        const etag = etagOf([VERSION, 'reference', JSON.stringify(state)])
        setValidators(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return state
      },
    )

    app.get(
      '/v1/reference/comparators/series',
      {
        config: { scope: READERS },
        schema: {
          operationId: 'listPublishedSeries',
          tags: ['Reference data'],
          summary: 'The published series that are held',
          description:
            'Every series of the published figures that are held: those that are mapped to an indicator and category of ours, with the source, and those that are not, with the reason. A series is mapped where its definition is that of the indicator.',
          querystring: SeriesQuery,
          response: { 200: refTo(PublishedSeriesList), 304: NotModified, ...refusals() },
        },
      },
      async (request, reply) => {
        const { mapped } = request.query
        const { etag, series } = await database.read([], async (transaction) => {
          const state = await readState(transaction, 'comparators')
          const etag = etagOf([VERSION, 'series', String(mapped), state?.version ?? ''])
          return { etag, series: isFresh(request, etag) ? null : await readHeldSeries(transaction) }
        })
        setValidators(reply, etag)
        if (series === null) return reply.code(304).send(null)
        const told = toldSeries(series).filter(({ isMapped }) => mapped === undefined || isMapped === mapped)
        return { data: inAnswer(told), next: null }
      },
    )

    app.get(
      '/v1/authorities',
      {
        config: { scope: READERS },
        schema: {
          operationId: 'listAuthorities',
          tags: ['Reference data'],
          summary: 'Local authorities',
          description:
            'The local authorities with children’s services: those of today, those abolished since 2019 with their successors, and the bundled synthetic council; each with its region, its statistical neighbours by both sets, and the authorities around it. Public knowledge, so it goes beyond the authorities that a token covers.',
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: refTo(LocalAuthorityList), 304: NotModified, ...refusals() },
        },
      },
      async (request, reply) => {
        const etag = await database.read([], async (transaction) =>
          etagOfAuthorities(await readStates(transaction), ''),
        )
        setValidators(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return {
          data: await database.read([], (transaction) => readAuthorities(transaction, null)),
          next: null,
        }
      },
    )

    app.get(
      '/v1/authorities/:authority',
      {
        config: { scope: READERS },
        schema: {
          operationId: 'getAuthority',
          tags: ['Reference data'],
          summary: 'A local authority',
          description:
            'Codes, name, region and type of an authority, its statistical neighbours by both sets, the authorities around it, and for an abolished one its successors.',
          params: Type.Object({ authority: AuthorityCode }, { additionalProperties: false }),
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: refTo(LocalAuthority), 304: NotModified, ...refusals('unknown-authority') },
        },
      },
      async (request, reply) => {
        const word = request.params.authority.trim().toUpperCase()
        const { states, authority } = await database.read([], async (transaction) => {
          const code = findAuthority(word)?.code ?? (await codeHeld(transaction, word))
          const [found] = code === null ? [] : await readAuthorities(transaction, [code])
          return { states: await readStates(transaction), authority: found }
        })
        if (!authority) throw unknownAuthority(word)
        const etag = etagOfAuthorities(states, authority.code)
        setValidators(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return authority
      },
    )
  }

/** What an answer about authorities goes by. */
const etagOfAuthorities = (states: readonly HeldState[], question: string): string =>
  etagOf([
    VERSION,
    'authorities',
    question,
    ...states
      .filter(({ kind }) => /^(?:authorities|adjacent|neighbours-\d+)$/.test(kind))
      .map(({ kind, version }) => `${kind} ${version}`),
  ])

/** Every kind and set in order, those of which nothing is held as well. */
function everyState(states: readonly HeldState[]): Static<typeof ReferenceState>[] {
  return REFERENCE_KINDS.flatMap((kind) =>
    (kind === 'neighbours' ? NEIGHBOUR_SETS : [null]).map((set) => {
      const name = set === null ? kind : `${kind}-${set}`
      const held = states.find((state) => state.kind === name)
      return held
        ? given(held)
        : { kind, set, version: null, rows: 0, builtIn: false, loadedAt: null, loadedBy: null }
    }),
  )
}

function given({
  kind,
  version,
  rows,
  builtIn,
  loadedAt,
  loadedBy,
}: HeldState): Static<typeof ReferenceState> {
  const [name, year] = kind.split('-')
  return {
    kind: name as ReferenceKindName,
    set: year === undefined ? null : NEIGHBOUR_SETS.find((set) => String(set) === year)!,
    version,
    rows,
    builtIn,
    loadedAt,
    loadedBy,
  }
}

type AnsweredSeries = Static<typeof PublishedSeriesList>['data']

const inAnswer = (series: readonly ToldSeries[]): AnsweredSeries =>
  series.map(({ category, figures, ...told }) => ({
    ...told,
    category: { ...category },
    figures: figures.map(({ indicator, member, breakdown }) => ({
      indicator,
      member,
      breakdown: { ...breakdown },
    })),
  }))

function tableOfNoComparators(): Refusal {
  const detail = 'Only published figures are of a table.'
  return new Refusal('invalid-request', detail, [{ pointer: '/query/table', code: 'not-allowed', detail }])
}

function setOfNoNeighbours(): Refusal {
  const detail = 'Only statistical neighbours have sets.'
  return new Refusal('invalid-request', detail, [{ pointer: '/query/set', code: 'not-allowed', detail }])
}

function unknownAuthority(word: string): Refusal {
  const detail = 'There is no such authority.'
  const didYouMean = nearAuthorities(word)
  return new Refusal('unknown-authority', detail, [
    {
      pointer: '/path/authority',
      code: 'unknown-authority',
      detail,
      allowed: ['a GSS code such as E08000034', 'a DfE code such as 382'],
      ...(didYouMean.length > 0 && { didYouMean }),
    },
  ])
}
