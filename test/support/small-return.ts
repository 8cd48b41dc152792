import { Readable } from 'node:stream'
import type { Database } from '../../src/platform/database/database.ts'
import { askedCoverage } from '../../src/returns/asked-coverage.ts'
import { oneFile } from '../../src/returns/incoming-files.ts'
import { type IncomingFile, loadReturn } from '../../src/returns/load-return.ts'
import { findAuthority } from '../../src/vocabulary/authority.ts'
import type { Day } from '../../src/vocabulary/day.ts'

/** A return of two children, one of whom went missing. */
export const SMALL_RETURN: Readonly<Record<string, string>> = {
  'header.csv':
    'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,01/06/2012,WBRI,UN2,,\nA2,F,01/06/2010,WBRI,UN2,0,\n',
  'episodes.csv':
    'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n' +
    'A1,01/06/2024,S,C2,N1,U4,PR1,,,,HD1 1AA,HD1 2AA,SC000001\n' +
    'A2,01/06/2024,S,C2,N1,K2,PR4,,,,HD1 1AA,YO1 7HH,SC000002\n',
  'missing.csv': 'CHILD,DOB,MISSING,MIS_START,MIS_END\nA2,01/06/2010,M,07/06/2024,10/06/2024\n',
}

const BOUNDARY = 'of-the-tests'
export const FORM = `multipart/form-data; boundary=${BOUNDARY}`

export function formOf(files: Readonly<Record<string, string>>): string {
  const parts = Object.entries(files).map(
    ([name, text]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="f"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n`,
  )
  return `${parts.join('')}--${BOUNDARY}--\r\n`
}

/** Loads it for the year to 31 March 2025. */
export async function loadSmallReturn(
  database: Database,
  authority: string,
  files: Readonly<Record<string, string>> = SMALL_RETURN,
): Promise<void> {
  const incoming = async function* (): AsyncGenerator<IncomingFile> {
    for (const [name, text] of Object.entries(files)) yield oneFile(name, Readable.from([Buffer.from(text)]))
  }
  const outcome = await loadReturn(
    database,
    {
      authority: findAuthority(authority)!,
      ...askedCoverage('2024-25', undefined, '2025-06-01' as Day),
      partially: false,
      dryRun: false,
      loadedBy: 'test',
    },
    incoming(),
  )
  if (outcome.result !== 'loaded') throw new Error(outcome.result)
}
