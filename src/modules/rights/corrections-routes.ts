import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { authorityOf } from '../../platform/access/access.ts'
import { replayedFor } from '../../platform/access/audited-routes.ts'
import { KEY_REASONS, KeyHeaders, REPLAYED } from '../../platform/http/idempotency-key.ts'
import { answerOnce } from '../../platform/http/idempotent.ts'
import { refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { strictBody } from '../../platform/http/strict-body.ts'
import {
  correct,
  type KeptCorrection,
  listCorrections,
  type Oddity,
  withdrawCorrection,
} from '../../rights/corrections.ts'
import { mustBeUsable } from '../../rights/restrictions.ts'
import { childNamed, mustBeHeld } from '../../rights/subject-rows.ts'
import { parseYearLabel, type ReportingYear, yearLabel } from '../../vocabulary/period.ts'
import { Refusal } from '../../vocabulary/refusal.ts'
import type { RightsRoutesOptions } from './options.ts'
import {
  ChildCorrection,
  ChildCorrectionPage,
  CorrectionBody,
  OfCorrection,
  OfSubject,
} from './rights-schemas.ts'

const PRIVATE = 'private, no-store'
const readBody = strictBody(CorrectionBody)

/** Values of returns that were wrong, and what they are held as since. */
export const correctionsRoutes =
  ({ database, subjectOf, audit, inTurn, onChange }: RightsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    const base = '/v1/authorities/:authority/children/:child/corrections'

    app.post(
      base,
      {
        config: {
          scope: 'returns:write',
          audited: 'correction.write',
          documentedBody: refTo(CorrectionBody),
        },
        bodyLimit: 64 * 1024,
        schema: {
          operationId: 'correctChild',
          tags: ['People’s rights'],
          summary: 'Correct what a return says of a child',
          description:
            'Corrects one value of one row of a return (UK GDPR, Article 16). The value is checked as if the return had brought it, alone and beside all else that the return says of the child; figures and the data version follow at once. What the return said is kept. **A later return of the same year does not undo it:** the corrected value counts until the source sends the same value (then the correction is `agreed`) or the correction is withdrawn; loading a return that says otherwise gives a warning (`corrected` where it repeats what was corrected, `correction-contradicted` where it says something else again). Where a later return has no such row, or one that the correction would contradict, the correction is not made in it, with a warning (`correction-without-row`, `correction-not-made`). Records beside the returns are corrected by writing them anew; their history is kept.',
          params: OfSubject,
          headers: KeyHeaders,
          response: {
            201: {
              description: 'The value is corrected.',
              headers: REPLAYED,
              content: { 'application/json': { schema: refTo(ChildCorrection) } },
            },
            ...refusals(
              'unknown-authority',
              'unknown-child',
              'child-erased',
              'correction-refused',
              ...KEY_REASONS,
              'unsupported-media-type',
              'upload-too-large',
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const of = { authority: code, child: childNamed(request.params.child) }
        const body = readBody(request.body)
        const year = yearIn(body.year)
        const about = { authority: code, replayed: replayedFor(request) }
        return answerOnce(request, reply, about, async (once) => {
          const answer = await inTurn(code, () =>
            once.change(database, async (transaction) => {
              await mustBeHeld(transaction, of, subjectOf)
              const { correction, oddities } = await correct(transaction, {
                ...of,
                ...body,
                year,
                by: request.caller.name,
              })
              await audit.append(transaction, request, { rows: 1, children: [of.child] })
              return { status: 201, body: given(code, correction, oddities), child: of.child }
            }),
          )
          onChange()
          return answer
        })
      },
    )

    app.get(
      base,
      {
        config: { scope: 'children:read', audited: 'correction.read' },
        schema: {
          operationId: 'listChildCorrections',
          tags: ['People’s rights'],
          summary: 'What was corrected in what the returns say of a child',
          description:
            'Every correction of the child, with what the return said before, who corrected it when and why, and whether the return in force says the same by now; those that were withdrawn among them.',
          params: OfSubject,
          response: {
            200: {
              description: 'The corrections.',
              content: { 'application/json': { schema: refTo(ChildCorrectionPage) } },
            },
            ...refusals('unknown-authority', 'unknown-child', 'child-erased', 'child-restricted'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const of = { authority: code, child: childNamed(request.params.child) }
        const corrections = await database.read([code], async (transaction) => {
          await mustBeHeld(transaction, of, subjectOf)
          await mustBeUsable(transaction, of, purposeOf(request))
          return listCorrections(transaction, of)
        })
        request.touched = { rows: corrections.length, children: [of.child] }
        reply.header('cache-control', PRIVATE)
        return { data: corrections.map((one) => given(code, one)), next: null }
      },
    )

    app.delete(
      `${base}/:id`,
      {
        config: { scope: 'returns:write', audited: 'correction.withdraw' },
        schema: {
          operationId: 'withdrawChildCorrection',
          tags: ['People’s rights'],
          summary: 'Withdraw a correction',
          description:
            'Takes a correction back: what the returns of the year say counts again, and figures follow. The correction stays in the list as `withdrawn`. Later corrections of the same row are made again from what the returns say.',
          params: OfCorrection,
          response: {
            204: Type.Null({ description: 'It is withdrawn.' }),
            ...refusals(
              'unknown-authority',
              'unknown-child',
              'child-erased',
              'unknown-correction',
              'unsupported-media-type',
            ),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const of = { authority: code, child: childNamed(request.params.child) }
        await inTurn(code, () =>
          database.load([code], async (transaction) => {
            await mustBeHeld(transaction, of, subjectOf)
            const withdrawn = await withdrawCorrection(transaction, {
              ...of,
              id: request.params.id,
              by: request.caller.name,
            })
            if (!withdrawn) throw unknownCorrection()
            await audit.append(transaction, request, { rows: 1, children: [of.child] })
          }),
        )
        onChange()
        return reply.code(204).send(null)
      },
    )
  }

function yearIn(text: string): ReportingYear {
  const year = parseYearLabel(text)
  if (year !== null) return year
  const detail = 'This is not a reporting year.'
  throw new Refusal('invalid-request', detail, [
    { pointer: '/body/year', code: 'wrong-form', detail, allowed: ['a reporting year such as 2024-25'] },
  ])
}

const given = (
  authority: string,
  { year, row, ...correction }: KeptCorrection,
  oddities?: readonly Oddity[],
): Static<typeof ChildCorrection> => ({
  ...correction,
  authority,
  year: yearLabel(year),
  row: { ...row },
  ...(oddities && { findings: oddities.map((one) => ({ ...one, columns: [...one.columns] })) }),
})

function unknownCorrection(): Refusal {
  const detail = 'The child has no correction with this id that holds.'
  return new Refusal('unknown-correction', detail, [
    { pointer: '/path/id', code: 'unknown-correction', detail },
  ])
}
