import { type TableName, tableNamed } from '../../src/vocabulary/ssda903.ts'
import type { SentFile } from './returns-app.ts'

/** Rows of a small, clean return for 2024-25, by table: cells in the order of the table's columns. */
export type SampleReturn = Partial<Record<TableName, string[]>>

/** Two children: ADA moves once and is still looked after; BEN comes and leaves within the year. */
export const SAMPLE: SampleReturn = {
  Header: ['ADA1,F,14/05/2012,WBRI,,0,', 'BEN2,M,29/02/2016,MWBC,,,'],
  Episodes: [
    'ADA1,03/02/2023,S,C1,N1,U6,PR1,10/06/2024,X1,CARPL,LS6 1AB,LS7 2CD,SC123456',
    'ADA1,10/06/2024,P,C2,N1,U4,PR4,,,,LS6 1AB,LS8 3EF,SC654321',
    'BEN2,01/07/2024,S,V2,N4,K2,PR1,20/12/2024,E4A,,BD1 4GH,BD2 5JK,SC111111',
  ],
}

/** One clean row for each of the other tables, about the children of the sample. */
export const FURTHER: SampleReturn = {
  UASC: ['BEN2,M,29/02/2016,01/12/2024'],
  Reviews: ['ADA1,14/05/2012,15/09/2024,PN1', 'BEN2,29/02/2016,29/07/2024,PN7'],
  OC2: ['ADA1,14/05/2012,14,,0,,1,1,1,0,,'],
  OC3: ['ADA1,14/05/2012,YES,F2,U1'],
  AD1: ['BEN2,29/02/2016,01/08/2024,01/10/2024,0,2,MF,L11'],
  PlacedAdoption: ['BEN2,29/02/2016,01/08/2024,01/12/2024,RD4'],
  PrevPerm: ['ADA1,14/05/2012,P1,382,ZZ/05/2019'],
  Missing: ['ADA1,14/05/2012,M,02/07/2024,04/07/2024'],
  SWEpisodes: ['ADA1,14/05/2012,SW123,03/02/2023,,FCONTA'],
}

/** A table as a CSV file. */
export const csvOf = (table: TableName, rows: readonly string[]): string =>
  [
    tableNamed(table)
      .columns.map(({ name }) => name)
      .join(','),
    ...rows,
    '',
  ].join('\r\n')

/** A return as files, named after their tables. */
export const filesOf = (sample: SampleReturn): SentFile[] =>
  (Object.entries(sample) as [TableName, string[]][]).map(([table, rows]) => ({
    name: `${table}.csv`,
    content: csvOf(table, rows),
  }))

/** The sample with the rows of some tables replaced or added. */
export const withRows = (rows: SampleReturn): SampleReturn => ({ ...SAMPLE, ...rows })
