import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { readConfig } from '../config.ts'
import { type ChainFault, type ChainHead, verifyChain } from '../platform/access/audit-chain.ts'
import type { Database } from '../platform/database/database.ts'
import { openStorage } from '../platform/database/storage.ts'
import { AUTHORITIES, findAuthority } from '../vocabulary/authority.ts'

export const AUDIT_USAGE = `  audit verify [AUTHORITY]         recomputes the audit trail, and names the first row that does not fit
       --anchor FILE               writes down where each chain ends, to be kept elsewhere
       --against FILE              holds the chains against what was written down before`

export interface VerifyAsk {
  readonly authorities: readonly string[]
  /** The ends of chains as they were written down before. */
  readonly against: readonly ChainHead[]
}

export interface Verification {
  readonly rows: number
  readonly heads: readonly ChainHead[]
  readonly faults: readonly ChainFault[]
}

/** Verifies the chains of authorities, one after the other. */
export async function verifyChains(
  database: Pick<Database, 'read'>,
  { authorities, against }: VerifyAsk,
): Promise<Verification> {
  const heads: ChainHead[] = []
  const faults: ChainFault[] = []
  let rows = 0
  for (const authority of authorities) {
    const anchor = against.find((head) => head.authority === authority) ?? null
    const chain = await verifyChain(database, authority, anchor)
    rows += chain.rows
    if (chain.fault !== null) faults.push(chain.fault)
    else if (chain.head !== null) heads.push(chain.head)
  }
  return { rows, heads, faults }
}

const AnchorFile = Type.Object(
  {
    heads: Type.Array(
      Type.Object(
        {
          authority: Type.String(),
          number: Type.Integer({ minimum: 1 }),
          hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** The command `audit`; 0 where every chain fits, 1 where something was found, 2 where it was called wrongly. */
export async function audit(args: readonly string[], say: Say): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { anchor: { type: 'string' }, against: { type: 'string' } },
  })
  const [verb, code, ...more] = positionals
  if (verb !== 'verify' || more.length > 0) {
    say.complain('audit can verify: every chain, or that of one authority')
    say.print(AUDIT_USAGE)
    return 2
  }
  const one = code === undefined ? null : findAuthority(code)
  if (one === undefined) {
    say.complain(`"${code}" is no authority with children's services in England`)
    return 2
  }
  const against = values.against === undefined ? [] : await readAnchor(values.against)
  if (against === null) {
    say.complain(`${values.against} is no file that \`audit verify --anchor\` wrote`)
    return 2
  }
  const storage = await openStorage(readConfig(process.env))
  try {
    const authorities = one === null ? AUTHORITIES.map((authority) => authority.code) : [one.code]
    const found = await verifyChains(storage.database, { authorities, against })
    for (const { authority, number, hash } of found.heads)
      say.print(`${authority}  ${number.toLocaleString('en-GB')} rows, the last ${hash}`)
    for (const { authority, number, detail } of found.faults)
      say.complain(`${authority} row ${number}: ${detail}`)
    if (found.faults.length > 0) {
      if (values.anchor !== undefined) say.complain(`${values.anchor} is not written: the trail does not fit`)
      return 1
    }
    if (values.anchor !== undefined)
      await writeFile(values.anchor, `${JSON.stringify({ heads: found.heads }, null, 2)}\n`)
    say.print(`${found.rows.toLocaleString('en-GB')} rows in ${found.heads.length} chains: all fit`)
    return 0
  } finally {
    await storage.close()
  }
}

export interface Say {
  print(line: string): void
  complain(line: string): void
}

/** The ends of chains in a file; null where it holds none. A fault of the file system is left to the caller. */
async function readAnchor(path: string): Promise<readonly ChainHead[] | null> {
  const text = await readFile(path, 'utf8')
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return null
  }
  if (!Value.Check(AnchorFile, content)) return null
  return content.heads.every(({ authority }) => findAuthority(authority)?.code === authority)
    ? content.heads
    : null
}
