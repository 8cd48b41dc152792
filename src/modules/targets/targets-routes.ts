import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Catalogue } from '../../indicators/catalogue.ts'
import type { IndicatorDefinition } from '../../indicators/definition.ts'
import { EveryFault } from '../../indicators/every-fault.ts'
import { readPeriods } from '../../indicators/period-query.ts'
import { authorityOf } from '../../platform/access/access.ts'
import type { Database } from '../../platform/database/database.ts'
import { readCursor, writeCursor } from '../../platform/http/cursor.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { jsonObjectOf } from '../../platform/http/json-object.ts'
import { listOf } from '../../platform/http/parameters.ts'
import { etagOf, isFresh, mustBeMeant, NotModified } from '../../platform/http/preconditions.ts'
import { refusals } from '../../platform/http/problem.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { readGivenTarget } from '../../targets/target-checks.ts'
import {
  changeTarget,
  listTargets,
  readTargetHistory,
  type TargetVersion,
} from '../../targets/target-store.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import {
  OfAuthority,
  OfPeriodQuery,
  OfTarget,
  TARGET_SCHEMAS,
  Target,
  TargetBody,
  TargetPage,
  TargetsQuery,
  TargetWithHistory,
} from './targets-schemas.ts'

export interface TargetsRoutesOptions {
  readonly database: Database
  readonly catalogue: Catalogue
}

const PRIVATE = 'private, no-store'
/** A target is a line of text and two numbers. */
const LARGEST_TARGET = 64 * 1024

/** What a council aims at, and what it says of a figure: for a board's scorecard and report. */
export const targetsRoutes =
  ({ database, catalogue }: TargetsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of TARGET_SCHEMAS) app.addSchema(schema)
    const base = '/v1/authorities/:authority/targets'
    const indicatorOf = (id: string): IndicatorDefinition => catalogue.named([id], '/path/indicator')[0]!
    const given = (target: TargetVersion, authority: string): GivenTarget =>
      givenTarget(target, authority, catalogue.find(target.indicator)?.unit ?? 'count')

    app.get(
      base,
      {
        config: { scope: 'observations:read' },
        schema: {
          operationId: 'listTargets',
          tags: ['Targets'],
          summary: 'The targets of an authority',
          description:
            'What the authority aims at and says, for indicators and periods, as it holds now: in the order of indicators and periods.',
          params: OfAuthority,
          querystring: TargetsQuery,
          response: {
            200: {
              description: 'A page of targets.',
              content: { 'application/json': { schema: refTo(TargetPage) } },
            },
            ...refusals('unknown-authority', 'unknown-period', 'unknown-indicator', 'invalid-cursor'),
          },
        },
      },
      async (request, reply) => {
        const { limit = 100, cursor } = request.query
        const faults = new EveryFault()
        const authority = faults.reading(() => authorityOf(request, request.params.authority))
        const periods = faults.reading(() => readPeriods(listOf(request.query.period)))
        const indicators = faults.reading(() =>
          catalogue.named(listOf(request.query.indicator), '/query/indicator'),
        )
        faults.refuse()
        const filter = {
          periods: request.query.period === undefined ? null : periods!.map(({ label }) => label),
          indicators: request.query.indicator === undefined ? null : indicators!.map(({ id }) => id).sort(),
        }
        const { code } = authority!
        const question = JSON.stringify(['targets', code, filter])
        const after = cursor === undefined ? null : readCursor(cursor, question, Position)
        const targets = await database.read([code], (transaction) =>
          listTargets(transaction, code, { ...filter, after, limit: limit + 1 }),
        )
        const page = targets.slice(0, limit)
        const last = page.at(-1)
        reply.header('cache-control', PRIVATE)
        return {
          data: page.map((target) => given(target, code)),
          next:
            targets.length > limit && last
              ? writeCursor(question, { indicator: last.indicator, period: last.period })
              : null,
        }
      },
    )

    app.get(
      `${base}/:indicator`,
      {
        config: { scope: 'observations:read' },
        schema: {
          operationId: 'getTarget',
          tags: ['Targets'],
          summary: 'One target',
          description:
            'The target and the commentary of an indicator for a period, with who set them when, and what they were before. Its ETag is for `If-Match`.',
          params: OfTarget,
          querystring: OfPeriodQuery,
          response: {
            200: {
              description: 'The target.',
              headers: ETAG_HEADER,
              content: { 'application/json': { schema: refTo(TargetWithHistory) } },
            },
            304: NotModified,
            ...refusals('unknown-authority', 'unknown-indicator', 'unknown-period', 'unknown-target'),
          },
        },
      },
      async (request, reply) => {
        const { code, indicator, period } = readAsked(request, indicatorOf)
        const [target, ...history] = await database.read([code], (transaction) =>
          readTargetHistory(transaction, code, indicator.id, period),
        )
        if (!target || target.removed) throw unknownTarget()
        const etag = etagFor(code, target)!
        setHead(reply, etag)
        if (isFresh(request, etag)) return reply.code(304).send(null)
        return reply.send({
          ...given(target, code),
          history: history.map(({ indicator: _indicator, period: _period, ...version }) => version),
        })
      },
    )

    app.put(
      `${base}/:indicator`,
      {
        config: { scope: 'publications:write', documentedBody: refTo(TargetBody) },
        bodyLimit: LARGEST_TARGET,
        schema: {
          operationId: 'putTarget',
          tags: ['Targets'],
          summary: 'Set a target',
          description:
            'Sets the target and the commentary of an indicator for a period; either may stand alone, and what is left out is blank afterwards. What was set before is kept as history. Targets move no figure, so the data version stays as it is. A target that stands there is only changed with `If-Match`, in the state that its ETag stands for (`*`: whatever its state); saying what is there already needs none. With `If-None-Match: *` it is only created.',
          params: OfTarget,
          headers: KeyHeaders,
          response: {
            200: {
              description: 'The target took another’s place, or was there already as it came.',
              headers: { ...ETAG_HEADER, ...REPLAYED },
              content: { 'application/json': { schema: refTo(Target) } },
            },
            201: {
              description: 'The target is set for the first time.',
              headers: {
                ...ETAG_HEADER,
                ...REPLAYED,
                location: { type: 'string', description: 'The address of the target.' },
              },
              content: { 'application/json': { schema: refTo(Target) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-indicator',
              'unknown-period',
              'precondition-failed',
              'precondition-required',
              'unsupported-media-type',
              'upload-too-large',
              ...KEY_REASONS,
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const indicator = indicatorOf(request.params.indicator)
        const { period, ...to } = readGivenTarget(
          jsonObjectOf(request.body, 'a target, a commentary or both, for a period'),
          indicator,
        )
        return answerOnce(request, reply, { authority: code }, (once) =>
          once.change(database, async (transaction) => {
            const { result, target } = await changeTarget(transaction, {
              authority: code,
              indicator: indicator.id,
              period: period.label,
              to,
              by: request.caller.name,
              precondition: (existing, replaces) =>
                mustBeMeant(request, reply, { what: 'target', etag: etagFor(code, existing), replaces }),
            })
            const etag = etagFor(code, target)!
            const location = `/v1/authorities/${code}/targets/${indicator.id}?period=${encodeURIComponent(period.label)}`
            return result === 'created'
              ? { status: 201, headers: { etag, location }, body: given(target!, code) }
              : { status: 200, headers: { etag }, body: given(target!, code) }
          }),
        )
      },
    )

    app.delete(
      `${base}/:indicator`,
      {
        config: { scope: 'publications:write' },
        schema: {
          operationId: 'deleteTarget',
          tags: ['Targets'],
          summary: 'Take a target away',
          description:
            'Takes away the target and the commentary of an indicator for a period; what they were is kept as history, and publications keep what they froze. With `If-Match` only in the state that its ETag stands for.',
          params: OfTarget,
          querystring: OfPeriodQuery,
          response: {
            204: Type.Null({ description: 'It is taken away.' }),
            ...refusals(
              'unknown-authority',
              'unknown-indicator',
              'unknown-period',
              'unknown-target',
              'precondition-failed',
              'unsupported-media-type',
            ),
          },
        },
      },
      async (request, reply) => {
        const { code, indicator, period } = readAsked(request, indicatorOf)
        const { result } = await database.write([code], (transaction) =>
          changeTarget(transaction, {
            authority: code,
            indicator: indicator.id,
            period,
            to: null,
            by: request.caller.name,
            precondition: (existing) =>
              mustBeMeant(request, reply, { what: 'target', etag: etagFor(code, existing) }),
          }),
        )
        if (result === 'unchanged') throw unknownTarget()
        return reply.code(204).send(null)
      },
    )
  }

/* ---- what comes in ---------------------------------------------------------------------------------------- */

const Position = Type.Object(
  { indicator: Type.String({ maxLength: 100 }), period: Type.String({ maxLength: 40 }) },
  { additionalProperties: false },
)

interface AskedTarget {
  readonly params: Static<typeof OfTarget>
  readonly query: Static<typeof OfPeriodQuery>
}

/** Whose target of what is meant; one problem names all that there is none of. */
function readAsked(
  request: FastifyRequest & AskedTarget,
  indicatorOf: (id: string) => IndicatorDefinition,
): { readonly code: string; readonly indicator: IndicatorDefinition; readonly period: string } {
  const faults = new EveryFault()
  const authority = faults.reading(() => authorityOf(request, request.params.authority))
  const indicator = faults.reading(() => indicatorOf(request.params.indicator))
  const period = faults.reading(() => readPeriods([request.query.period])[0]!)
  faults.refuse()
  return { code: authority!.code, indicator: indicator!, period: period!.label }
}

function unknownTarget(): Refusal {
  const detail = 'The authority has neither a target nor a commentary for this indicator and period.'
  return new Refusal('unknown-target', detail, [{ pointer: '/query/period', code: 'unknown-target', detail }])
}

/* ---- what goes out ---------------------------------------------------------------------------------------- */

const ETAG_HEADER = {
  etag: { type: 'string', description: 'Stands for the state of the target, for `If-Match`.' },
}

type GivenTarget = Static<typeof Target>

const etagFor = (authority: string, target: TargetVersion | null): string | null =>
  target === null
    ? null
    : etagOf([authority, target.indicator, target.period, String(target.version), target.setAt])

function setHead(reply: FastifyReply, etag: string): void {
  reply.header('etag', etag).header('cache-control', PRIVATE)
}

const givenTarget = (target: TargetVersion, authority: string, unit: GivenTarget['unit']): GivenTarget => ({
  authority,
  indicator: target.indicator,
  period: target.period,
  unit,
  value: target.value,
  amber: target.amber,
  commentary: target.commentary,
  setBy: target.setBy,
  setAt: target.setAt,
  version: target.version,
})
