import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { authorityOf } from '../../platform/access/access.ts'
import { refusals } from '../../platform/http/problem.ts'
import { purposeOf } from '../../platform/http/purpose.ts'
import { refTo } from '../../platform/http/schema-names.ts'
import { exportChild } from '../../rights/export.ts'
import { mustBeUsable, PURPOSES_DESPITE_RESTRICTION, SUBJECT_ACCESS } from '../../rights/restrictions.ts'
import { childNamed, mustBeHeld } from '../../rights/subject-rows.ts'
import { withoutPostcodes } from '../../rights/withheld-postcodes.ts'
import { yearLabel } from '../../vocabulary/period.ts'
import type { RightsRoutesOptions } from './options.ts'
import { ChildExport, OfSubject } from './rights-schemas.ts'

/** Everything that is held on one child. */
export const exportRoutes =
  ({ database, subjectOf, now }: RightsRoutesOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/authorities/:authority/children/:child/export',
      {
        config: { scope: 'children:read', audited: 'child.export' },
        schema: {
          operationId: 'exportChild',
          tags: ['People’s rights'],
          summary: 'Everything that is held on one child',
          description: `For a subject access request (UK GDPR, Article 15): every row of every table that holds something about the child, with what its columns and codes mean; which return each came with, loaded when and by whom; corrections, the history of records, a restriction; what the service derived; and who read or wrote the child’s data, when and what for. The file holds what no other call gives out, such as pupil numbers. **Postcodes are in it only where \`X-Purpose\` begins with \`${SUBJECT_ACCESS}\`**: the child’s own request is the one purpose for which they leave the service; \`withheld\` names the columns that are left blank otherwise. While the child’s records are restricted, \`X-Purpose\` must begin with \`${SUBJECT_ACCESS}\`, or with what else the law allows.`,
          params: OfSubject,
          response: {
            200: {
              description: 'The export, as a file to keep.',
              headers: {
                'content-disposition': {
                  type: 'string',
                  description: 'Says that it is a file; its name tells nothing of the child.',
                },
              },
              content: { 'application/json': { schema: refTo(ChildExport) } },
            },
            ...refusals('unknown-authority', 'unknown-child', 'child-erased', 'child-restricted'),
          },
        },
      },
      async (request, reply) => {
        const { code } = authorityOf(request, request.params.authority)
        const of = { authority: code, child: childNamed(request.params.child) }
        const exported = await database.read([code], async (transaction) => {
          const tables = await mustBeHeld(transaction, of, subjectOf)
          await mustBeUsable(transaction, of, purposeOf(request), [
            SUBJECT_ACCESS,
            ...PURPOSES_DESPITE_RESTRICTION,
          ])
          return exportChild(transaction, of, tables, subjectOf)
        })
        const isOwnRequest = purposeOf(request)?.startsWith(SUBJECT_ACCESS) === true
        const rows = exported.tables.reduce((sum, table) => sum + table.rows.length, 0)
        request.touched = { rows, children: [of.child] }
        reply
          .header('cache-control', 'private, no-store')
          .header('content-disposition', 'attachment; filename="child-export.json"')
        return {
          ...of,
          subject: exported.subject,
          exportedAt: now().toISOString(),
          dataVersion: exported.dataVersion,
          returns: exported.returns.map((one) => ({ ...one, year: yearLabel(one.year) })),
          tables: exported.tables.map(({ columns, rows: held, ...table }) => {
            const { rows, withheld } = isOwnRequest ? { rows: held, withheld: [] } : withoutPostcodes(held)
            return {
              ...table,
              columns: columns.map((column) => ({ ...column, codes: column.codes && { ...column.codes } })),
              withheld: [...withheld],
              rows: [...rows],
            }
          }),
          audit: [...exported.audit],
        }
      },
    )
  }
