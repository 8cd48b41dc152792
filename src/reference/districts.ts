import { areaToday } from '../vocabulary/authority.ts'
import { authorityCode, gssCode, needed } from './cells.ts'
import { keepRows } from './keep-rows.ts'
import { declaredLayout, yearly } from './layout.ts'
import type { ReferenceKind } from './reference-kind.ts'

/** Districts outside England have no authority of ours. */
const isElsewhere = (code: string): boolean => /^\s*[^E\s]\d{8}\s*$/i.test(code)

/**
 * The authority that covers a district. A list of an earlier year may name one that is no more: where it went into one
 * other that is the answer, where it was split (null) the facts tell which part the district is in.
 */
const today = (code: string): string | null => {
  const covering = areaToday(code)
  return covering.length === 1 ? covering[0]! : null
}

export const districts: ReferenceKind = {
  name: 'districts',
  layouts: [
    declaredLayout({
      id: 'lower tier to upper tier local authorities',
      columns: [
        { is: 'district', names: [yearly('ltla', 'cd')], check: needed(gssCode) },
        { is: 'authority', names: [yearly('utla', 'cd')], check: needed(authorityCode) },
      ],
      passesOver: (raw) => isElsewhere(raw('district')),
      rowsOf: ({ district, authority }) => [[district!, today(authority!)]],
    }),
    declaredLayout({
      id: 'districts',
      columns: [
        { is: 'district', names: ['district'], check: needed(gssCode) },
        { is: 'authority', names: ['authority'], check: needed(authorityCode) },
      ],
      passesOver: (raw) => isElsewhere(raw('district')),
      rowsOf: ({ district, authority }) => [[district!, today(authority!)]],
    }),
  ],
  staged: [
    { name: 'district', type: 'text' },
    { name: 'authority', type: 'text' },
  ],
  key: ['district'],
  keyInWords: 'district',
  checks: [
    {
      name: 'split',
      isBroken: `incoming.authority is null
        and not exists (select from care.district_facts() as fact where fact.district = incoming.district)`,
      column: 'authority',
      message:
        'the authority is no more and was split, and which part covers the district today is not known',
      allowed: ['the authority that covers the district today'],
    },
  ],
  async keep(transaction) {
    // Codes that the list does not have (merged districts, codes given anew) must not be lost: the facts lie beneath.
    await transaction.query(
      'reference.districts.split',
      'delete from incoming where incoming.authority is null',
    )
    await transaction.query(
      'reference.districts.beneath',
      `insert into incoming (district, authority)
       select fact.district, fact.authority from care.district_facts() as fact
        where not exists (select from incoming where incoming.district = fact.district)`,
    )
    return keepRows(transaction, {
      name: 'districts',
      table: 'care.district_authority',
      key: ['district'],
      values: ['authority'],
    })
  },
}
