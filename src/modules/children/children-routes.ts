import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LRUCache } from 'lru-cache'
import type { Static } from 'typebox'
import { versionsIn } from '../../indicators/figures.ts'
import type { PlacementProvider } from '../../indicators/populations/placement-providers.ts'
import { authorityOf } from '../../platform/access/access.ts'
import type { Database, Transaction } from '../../platform/database/database.ts'
import { refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import type { SubjectOf } from '../../returns/erased-rows.ts'
import { mustBeUsableAmong } from '../../rights/restrictions.ts'
import { newStandings, type ReadStanding } from '../../rights/standing.ts'
import { notHeld } from '../../rights/subject-rows.ts'
import * as codes from '../../vocabulary/code-sets.ts'
import { DIMENSIONS, type DimensionId } from '../../vocabulary/dimension.ts'
import { yearLabel } from '../../vocabulary/period.ts'
import { recordKindNamed } from '../../vocabulary/record-kinds.ts'
import { labelOf, timelineOf } from './child-timeline.ts'
import { type ChildRecord, readChild } from './children-queries.ts'
import { CHILD_SCHEMAS, Child, OfChild } from './children-schemas.ts'

export interface ChildrenRoutesOptions {
  readonly database: Database
  /** Shared with other calls that ask it. */
  readonly standingOf?: ReadStanding
  /** Knows erased children by their pseudonyms. */
  readonly subjectOf?: SubjectOf
}

const RECORDS_KEPT = 1_000

/** One child’s record and timeline, for callers that may see children. */
export const childrenRoutes =
  ({
    database,
    standingOf = newStandings(database),
    subjectOf,
  }: ChildrenRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of CHILD_SCHEMAS) app.addSchema(schema)
    // A record is put together from some fifteen tables, and is the same as long as the version of the records is.
    const records = new LRUCache<string, Static<typeof Child>>({ max: RECORDS_KEPT })

    app.get(
      '/v1/authorities/:authority/children/:child',
      {
        config: { scope: 'children:read', audited: 'child.read' },
        schema: {
          operationId: 'getChild',
          tags: ['Children'],
          summary: 'One child’s record and timeline',
          description:
            'The record of a pseudonymous child, as all returns in force make it: periods of care, episodes, placements and social workers of the merged history; missing incidents, reviews, health, adoption and leaving care as the returns state them (the latest return of those that state the same thing); and a timeline of it all in words. A child who was erased is answered with `child-erased`; one whose records are restricted with `child-restricted`, unless `X-Purpose` names what the law allows.',
          params: OfChild,
          response: {
            200: {
              description: 'The child’s record.',
              content: { 'application/json': { schema: refTo(Child) } },
            },
            ...refusals('unknown-authority', 'unknown-child', 'child-erased', 'child-restricted'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const child = request.params.child.trim().toUpperCase()
        const keyAt = (version: string | undefined) => `${code} ${version} ${child}`
        const makeRecord = async (transaction: Transaction): Promise<Static<typeof Child>> => {
          const version = (await versionsIn(transaction, [code])).get(code)
          const found = await readChild(transaction, code, child)
          if (!found) throw await notHeld(transaction, { authority: code, child }, subjectOf)
          const given = givenChild(code, found)
          records.set(keyAt(version), given)
          return given
        }
        const { version, restricted } = await standingOf(code)
        mustBeUsableAmong(restricted, child, purposeOf(request))
        const record = records.get(keyAt(version)) ?? (await database.read([code], makeRecord))
        request.touched = { rows: 1, children: [record.child] }
        reply.header('cache-control', 'private, no-store')
        return record
      },
    )
  }

const labelled = (set: codes.CodeSet, code: string) => ({ code, label: labelOf(set, code) })
const labelledOrNull = (set: codes.CodeSet, code: string | null) =>
  code === null ? null : labelled(set, code)
const category = (dimension: DimensionId, id: string) => ({
  code: id,
  label: DIMENSIONS.get(dimension)?.categories.find((one) => one.id === id)?.label ?? id,
})
const isYes = (flag: string | null): boolean | null => (flag === null ? null : flag === '1')

/** A code of a column of the kind providers, and what it means. */
function ofProviders(name: string, code: string | null): { code: string; label: string } | null {
  const column = PROVIDERS.columns.find((one) => one.name === name)
  const label = column?.kind === 'code' && code !== null ? column.codes[code] : undefined
  return code === null ? null : { code, label: label ?? code }
}

const PROVIDERS = recordKindNamed('providers')!

const givenHome = ({
  status,
  urn,
  name,
  type,
  sector,
  capacity,
  registered,
  judgement,
  asAt,
}: PlacementProvider) => ({
  status,
  urn,
  name,
  type: ofProviders('prov_type', type),
  sector: ofProviders('prov_sector', sector),
  capacity,
  registered: ofProviders('prov_registered', registered),
  judgement: ofProviders('prov_judgement', judgement),
  asAt,
})

function givenChild(authority: string, record: ChildRecord): Static<typeof Child> {
  const { child } = record
  return {
    child: child.child,
    authority,
    sex: labelled(codes.SEX, child.sex),
    born: child.born,
    ethnicity: labelled(codes.ETHNIC, child.ethnicityCode),
    ethnicityGroup: category('ethnicity', child.ethnicity),
    uasc: child.uasc,
    uascCeasedOn: child.uascCeasedOn,
    mother: child.mother,
    motherOfChildBorn: child.motherOfChildBorn,
    years: child.years.map(yearLabel),
    periodsOfCare: record.periodsOfCare.map(({ number, startedOn, ceasedOn, rec, startIsKnown }) => ({
      number,
      startedOn,
      ceasedOn,
      reasonCeased: labelledOrNull(codes.REC, rec),
      startIsKnown,
    })),
    episodes: record.episodes.map((episode) => ({
      startedOn: episode.startedOn,
      ceasedOn: episode.ceasedOn,
      reasonStarted: labelled(codes.RNE, episode.rne),
      legalStatus: labelled(codes.LS, episode.legalStatusCode),
      categoryOfNeed: labelled(codes.CIN, episode.needCode),
      placement: labelled(codes.PLACE, episode.placementCode),
      provider: labelledOrNull(codes.PLACE_PROVIDER, episode.providerCode),
      reasonCeased: labelledOrNull(codes.REC, episode.rec),
      reasonPlaceChange: labelledOrNull(codes.REASON_PLACE_CHANGE, episode.reasonPlaceChange),
      urn: episode.home.urn,
      home: givenHome(episode.home),
      placementAuthority: episode.placementAuthority,
      placementRelation: category('placement-authority-relation', episode.placementRelation),
      distanceMiles: episode.distanceMiles,
      shortBreak: episode.shortBreak,
      temporary: episode.temporary,
      periodOfCare: episode.periodNumber,
      placementNumber: episode.placementNumber,
      year: yearLabel(episode.returnYear),
    })),
    placements: record.placements.map((placement) => ({
      number: placement.number,
      startedOn: placement.startedOn,
      ceasedOn: placement.ceasedOn,
      periodStartedOn: placement.periodStartedOn,
      placement: labelled(codes.PLACE, placement.placementCode),
      type: category('placement-type', placement.placementType),
      provider: category('placement-provider', placement.placementProvider),
      home: givenHome(placement.home),
    })),
    socialWorkers: record.socialWorkers.map(({ socialWorker, startedOn, ceasedOn, reason }) => ({
      socialWorker,
      startedOn,
      ceasedOn,
      reason: labelledOrNull(codes.SW_REASON, reason),
    })),
    missing: record.missing.map(({ kind, startedOn, ceasedOn, year }) => ({
      kind: labelled(codes.MISSING, kind),
      startedOn,
      ceasedOn,
      year: yearLabel(year),
    })),
    reviews: record.reviews.map(({ heldOn, code, year }) => ({
      heldOn,
      participation: labelled(codes.REVIEW_CODE, code),
      year: yearLabel(year),
    })),
    health: record.health.map((row) => ({
      year: yearLabel(row.year),
      sdqScore: row.sdqScore,
      sdqReason: labelledOrNull(codes.SDQ_REASON, row.sdqReason),
      convicted: isYes(row.convicted),
      healthCheck: isYes(row.healthCheck),
      immunisations: isYes(row.immunisations),
      teethCheck: isYes(row.teethCheck),
      healthAssessment: isYes(row.healthAssessment),
      substanceMisuse: isYes(row.substanceMisuse),
      interventionReceived: isYes(row.interventionReceived),
      interventionOffered: isYes(row.interventionOffered),
    })),
    careLeaver: record.careLeaver.map(({ year, inTouch, activity, accommodation }) => ({
      year: yearLabel(year),
      inTouch: labelled(codes.IN_TOUCH, inTouch),
      activity: labelledOrNull(codes.ACTIV, activity),
      accommodation: labelledOrNull(codes.ACCOM, accommodation),
    })),
    adoptions: record.adoptions.map((row) => ({
      year: yearLabel(row.year),
      decidedOn: row.decidedOn,
      matchedOn: row.matchedOn,
      byFosterCarer: isYes(row.byFosterCarer),
      adopters: labelledOrNull(codes.NUMBER_OF_ADOPTERS, row.adopters),
      sexOfAdopters: labelledOrNull(codes.SEX_ADOPTR, row.sexOfAdopters),
      legalStatusOfAdopters: labelledOrNull(codes.LS_ADOPTR, row.legalStatusOfAdopters),
    })),
    placedForAdoption: record.placedForAdoption.map(({ decidedOn, reversedOn, reversedBecause, year }) => ({
      decidedOn,
      reversedOn,
      reversedBecause: labelledOrNull(codes.REASON_PLACED_CEASED, reversedBecause),
      year: yearLabel(year),
    })),
    previousPermanence: record.previousPermanence.map(({ year, option, authority, date }) => ({
      year: yearLabel(year),
      option: labelled(codes.PREV_PERM, option),
      authority,
      date,
    })),
    deprivationsOfLiberty: record.deprivationsOfLiberty.map(({ startedOn, ceasedOn, year }) => ({
      startedOn,
      ceasedOn,
      year: yearLabel(year),
    })),
    timeline: timelineOf(record),
  }
}
