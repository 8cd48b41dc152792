import { listCounted } from '../../src/indicators/counted-children.ts'
import { holdingsOf, readHoldings } from '../../src/indicators/holdings.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { listReturns, readCoverage, withdrawReturn } from '../../src/returns/return-store.ts'
import type { DimensionId } from '../../src/vocabulary/dimension.ts'
import { parsePeriod, type ReportingYear } from '../../src/vocabulary/period.ts'
import { INDICATORS, loadFiles } from './records.ts'

/** A child by the postcodes of its home and of where it lives, as they are written in the return. */
export interface PlacedChild {
  readonly child: string
  readonly home: string
  readonly placement: string
}

/** Returns children of an authority who have been in one foster placement since 2017; nothing else is held of it then. */
export async function returnPlaced(
  database: Database,
  authority: string,
  years: readonly ReportingYear[],
  children: readonly PlacedChild[],
): Promise<void> {
  await database.write([authority], async (transaction) => {
    for (const { id } of await listReturns(transaction, authority, { limit: 100, before: null })) {
      await withdrawReturn(transaction, authority, id, 'tests')
    }
  })
  for (const year of years) {
    const sex = year >= 2025 ? 'F' : '2'
    const files = {
      'header.csv': [
        'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB',
        ...children.map(({ child }) => `${child},${sex},01/06/2012,WBRI,UN1,0,`),
      ],
      'episodes.csv': [
        'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN',
        ...children.map(
          ({ child, home, placement }) =>
            `${child},01/06/2017,S,C2,N1,U6,PR4,,,,${home},${placement},SC000001`,
        ),
      ],
    }
    await loadFiles(
      database,
      authority,
      year,
      (async function* () {
        for (const [name, lines] of Object.entries(files)) {
          const bytes = new TextEncoder().encode(`${lines.join('\r\n')}\r\n`)
          yield {
            name,
            bytes: (async function* () {
              yield bytes
            })(),
          }
        }
      })(),
      { partially: true },
    )
  }
}

export interface Place {
  readonly miles: number | null
  readonly location: string
  readonly distance: string
  readonly band: string
  readonly relation: string
  readonly ofTheDay: string
}

/** Where each child of an authority lives on a day, as the list of the children behind `cla-count` has it. */
export async function placesOn(
  database: Database,
  authority: string,
  day: string,
): Promise<Map<string, Place>> {
  const { rows } = await database.read([authority], async (transaction) =>
    listCounted(
      transaction,
      {
        indicator: INDICATORS.find(({ id }) => id === 'cla-count')!,
        authority,
        period: parsePeriod(day)!,
        counted: 'numerator',
        categories: [],
        after: null,
        limit: 10_000,
      },
      holdingsOf(await readHoldings(transaction, [authority], readCoverage), authority),
    ),
  )
  return new Map(
    rows.map(({ child, categories, facts }) => {
      const of = (dimension: DimensionId) => categories[dimension]!
      return [
        child,
        {
          miles: facts.distance_miles as number | null,
          location: of('placement-location'),
          distance: of('placement-distance'),
          band: of('placement-distance-band'),
          relation: of('placement-authority-relation'),
          ofTheDay: of('placement-authority-relation-of-the-day'),
        },
      ]
    }),
  )
}
