import { Type } from 'typebox'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { TABLE_NAMES } from '../../vocabulary/ssda903.ts'

/** What the calls on people's rights take and give. */

export const OfAuthority = Type.Object({ authority: AuthorityCode }, { additionalProperties: false })

const child = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'The child’s identifier as in the return (`CHILD`); upper and lower case are the same.',
  examples: ['A100042'],
})

export const OfSubject = Type.Object({ authority: AuthorityCode, child }, { additionalProperties: false })

export const OfCorrection = Type.Object(
  {
    authority: AuthorityCode,
    child,
    id: Type.String({ format: 'uuid', description: 'Id of the correction.' }),
  },
  { additionalProperties: false },
)

export const OfErasure = Type.Object(
  {
    authority: AuthorityCode,
    subject: Type.String({
      pattern: '^[A-Za-z0-9_-]{22}$',
      description: 'The pseudonym of the child, as the tombstone has it.',
    }),
  },
  { additionalProperties: false },
)

const moment = (description: string) => Type.String({ format: 'date-time', description })
const momentOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const childOut = Type.String({ description: 'The child’s identifier, as in the return.' })
const authorityOut = Type.String({ description: 'The authority’s nine-character GSS code.' })
const subject = Type.String({
  description: 'The pseudonym under which the audit trail and a tombstone know the child.',
})
const reason = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description })

/* ---- restriction --------------------------------------------------------------------------------------------- */

export const RestrictionBody = named(
  'RestrictionBody',
  Type.Object(
    {
      reason: reason(
        'Why the use of the records is restricted: their accuracy is contested, their use is unlawful, they are needed for a claim, or an objection is being looked into (UK GDPR, Article 18(1)). In your own words; without names.',
      ),
    },
    { additionalProperties: false, description: 'A restriction, as it is asked for.' },
  ),
)

export const Restriction = named(
  'Restriction',
  Type.Object(
    {
      child: childOut,
      authority: authorityOut,
      reason: Type.String({ description: 'Why, as given.' }),
      version: Type.Integer({ minimum: 1, description: 'Counts up with every change; the first is 1.' }),
      restrictedAt: moment('Since when, or when the reason was last changed.'),
      restrictedBy: Type.String({ description: 'Who restricted it.' }),
    },
    {
      additionalProperties: false,
      description: 'That the records of a child are kept but not used (UK GDPR, Article 18).',
    },
  ),
)

/* ---- corrections ---------------------------------------------------------------------------------------------- */

const cell = Type.Union([Type.String({ maxLength: 200 }), Type.Null()])

export const CorrectionBody = named(
  'CorrectionBody',
  Type.Object(
    {
      year: Type.String({
        minLength: 7,
        maxLength: 7,
        description: 'The reporting year whose return says otherwise, such as `2024-25`.',
        examples: ['2024-25'],
      }),
      table: Type.Enum(TABLE_NAMES, {
        type: 'string',
        description:
          'The table of the return. A date of birth or sex is corrected in `Header`, for all tables that repeat it.',
      }),
      row: Type.Record(Type.String({ minLength: 1, maxLength: 60 }), cell, {
        maxProperties: 20,
        description:
          'The row of the child: columns of the table with their values as they stand, as many as tell it apart from the child’s others, such as `{ "DECOM": "2024-06-10" }`; `{}` where the child has one row there.',
        examples: [{ DECOM: '2024-06-10' }],
      }),
      column: Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'The column to correct, by its name in the return. Not `CHILD`.',
        examples: ['PLACE'],
      }),
      value: Type.Union([Type.String({ maxLength: 200 }), Type.Null()], {
        description: 'What is right, as a file of the return would have it; null for blank.',
        examples: ['U6'],
      }),
      reason: reason('Why: what the correction goes by. In your own words; without names.'),
    },
    { additionalProperties: false, description: 'A correction, as it is asked for.' },
  ),
)

export const CorrectionOddity = named(
  'CorrectionOddity',
  Type.Object(
    {
      rule: Type.String({ description: 'The DfE’s validation rule, or a word of ours where it has none.' }),
      columns: Type.Array(Type.String(), { description: 'The columns that it is about.' }),
      message: Type.String({ description: 'What is odd, for people.' }),
    },
    { additionalProperties: false, description: 'What is odd about a value that was taken.' },
  ),
)

export const ChildCorrection = named(
  'ChildCorrection',
  Type.Object(
    {
      id: Type.String({ format: 'uuid', description: 'Id of the correction.' }),
      child: childOut,
      authority: authorityOut,
      year: Type.String({ description: 'The reporting year whose returns it is made in.' }),
      table: Type.Enum(TABLE_NAMES, { type: 'string', description: 'The table of the return.' }),
      row: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
        description: 'What the row is found by.',
      }),
      column: Type.String({ description: 'The column that is corrected.' }),
      before: textOrNull('What the return said when it was corrected; null for blank.'),
      after: textOrNull('What is held instead; null for blank.'),
      standing: Type.Enum(['holds', 'agreed', 'without-row', 'withdrawn'], {
        type: 'string',
        description:
          '`holds`: the return in force says otherwise, and the correction counts. `agreed`: the return says the same by now. `without-row`: the return in force has no such row, or one that the correction would contradict, so it is not made there. `withdrawn`: it was taken back, and the return counts.',
      }),
      reason: Type.String({ description: 'Why, as given.' }),
      correctedAt: moment('When.'),
      correctedBy: Type.String({ description: 'Who corrected it.' }),
      withdrawnAt: momentOrNull('When it was taken back; null while it was not.'),
      withdrawnBy: textOrNull('Who took it back; null while nobody did.'),
      findings: Type.Optional(
        Type.Array(refTo(CorrectionOddity), {
          description: 'In the answer to the correction: what is odd about the value.',
        }),
      ),
    },
    {
      additionalProperties: false,
      description: 'A value of a return that was corrected (UK GDPR, Article 16), and what it said before.',
    },
  ),
)

export const ChildCorrectionPage = named(
  'ChildCorrectionPage',
  Type.Object(
    {
      data: Type.Array(refTo(ChildCorrection), { description: 'In the order in which they were made.' }),
      next: Type.Null({ description: 'All are on this page.' }),
    },
    { additionalProperties: false, description: 'The corrections of a child.' },
  ),
)

/* ---- erasure ---------------------------------------------------------------------------------------------------- */

export const Tombstone = named(
  'Tombstone',
  Type.Object(
    {
      subject,
      authority: authorityOut,
      reason: Type.String({
        description: 'Why, as given in X-Purpose; `retention` where the time to keep the records was over.',
      }),
      erasedAt: moment('When.'),
      erasedBy: Type.String({ description: 'Who erased it.' }),
      rows: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
        description: 'How many rows were erased, by table of the database.',
      }),
    },
    {
      additionalProperties: false,
      description: 'What is left of a child who was erased (UK GDPR, Article 17): a pseudonym and counts.',
    },
  ),
)

export const TombstonePage = named(
  'TombstonePage',
  Type.Object(
    {
      data: Type.Array(refTo(Tombstone), { description: 'By pseudonym.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
    },
    { additionalProperties: false, description: 'A page of erasures.' },
  ),
)

export const ErasuresQuery = Type.Object(
  { limit: Type.Optional(pageLimit(100, 1000)), cursor: Type.Optional(Cursor) },
  { additionalProperties: false },
)

/* ---- export -------------------------------------------------------------------------------------------------------- */

const ExportedColumn = named(
  'ExportedColumn',
  Type.Object(
    {
      name: Type.String({ description: 'The column, as the rows have it.' }),
      meaning: textOrNull('What it says; null where the name is all there is.'),
      codes: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], {
        description: 'What the codes in the rows mean; null where it holds none.',
      }),
    },
    { additionalProperties: false, description: 'A column of the rows that are held on a child.' },
  ),
)

const ExportedTable = named(
  'ExportedTable',
  Type.Object(
    {
      table: Type.String({ description: 'Name of the table in the database.' }),
      heldAs: Type.Enum(['returned', 'record', 'derived', 'rights'], {
        type: 'string',
        description:
          '`returned`: as a return brought it. `record`: written beside the returns. `derived`: made by the service from the returns in force. `rights`: of corrections, restrictions and the history of records.',
      }),
      meaning: Type.String({ description: 'What the table holds.' }),
      columns: Type.Array(refTo(ExportedColumn), { description: 'Its columns.' }),
      withheld: Type.Array(Type.String(), {
        description:
          'Columns of which a postcode is held that this call may not give: null in the rows. Empty for a subject access request.',
      }),
      rows: Type.Array(
        Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }),
        {
          description:
            'The rows, each as an object by column; `return_number` is the `number` of one of `returns`.',
        },
      ),
    },
    { additionalProperties: false, description: 'What one table holds on a child.' },
  ),
)

const ExportedReturn = named(
  'ExportedReturn',
  Type.Object(
    {
      number: Type.Integer({ minimum: 1, description: 'Its number, by which the rows name it.' }),
      id: Type.String({ format: 'uuid', description: 'Its id, as at /v1/authorities/{authority}/returns.' }),
      year: Type.String({ description: 'Reporting year.' }),
      inForce: Type.Boolean({ description: 'Whether figures are made from it.' }),
      loadedAt: moment('When it was loaded.'),
      loadedBy: Type.String({ description: 'Who loaded it.' }),
    },
    { additionalProperties: false, description: 'A return that rows of the export came with.' },
  ),
)

const ExportedAccess = named(
  'ExportedAccess',
  Type.Object(
    {
      at: moment('When.'),
      caller: Type.String({ description: 'The client that called.' }),
      onBehalfOf: textOrNull('The person for whom it called; null where it named none.'),
      action: Type.String({ description: 'What was done, such as `child.read`.' }),
      rows: Type.Integer({
        minimum: 0,
        description: 'Rows that the call gave or wrote, other children’s included.',
      }),
      purpose: textOrNull('What for, as given in X-Purpose.'),
    },
    { additionalProperties: false, description: 'A call that read or wrote something about the child.' },
  ),
)

export const ChildExport = named(
  'ChildExport',
  Type.Object(
    {
      child: childOut,
      authority: authorityOut,
      subject,
      exportedAt: moment('When the export was made.'),
      dataVersion: Type.String({ description: 'Version of the authority’s records.' }),
      returns: Type.Array(refTo(ExportedReturn), { description: 'Where returned rows came from.' }),
      tables: Type.Array(refTo(ExportedTable), {
        description: 'Everything that is held, by table; those with nothing on the child are left out.',
      }),
      audit: Type.Array(refTo(ExportedAccess), {
        description: 'Who read or wrote the child’s data, when and what for, the earliest first.',
      }),
    },
    {
      additionalProperties: false,
      description: 'Everything that is held on one child (UK GDPR, Article 15).',
    },
  ),
)

/** Schemas to register once, those that others point to first. */
export const RIGHTS_SCHEMAS = [
  RestrictionBody,
  Restriction,
  CorrectionBody,
  CorrectionOddity,
  ChildCorrection,
  ChildCorrectionPage,
  Tombstone,
  TombstonePage,
  ExportedColumn,
  ExportedTable,
  ExportedReturn,
  ExportedAccess,
  ChildExport,
]
