import { sql } from 'drizzle-orm'
import {
  date,
  type IndexColumn,
  index,
  integer,
  numeric,
  type PgColumnBuilderBase,
  primaryKey,
  text,
  time,
} from 'drizzle-orm/pg-core'
import { type RecordColumn, timeColumnOf } from '../../vocabulary/record-columns.ts'
import {
  childColumnOf,
  ownColumnsOf,
  type RecordKindName,
  recordKindNamed,
  relationOf,
} from '../../vocabulary/record-kinds.ts'
import { moment } from './column-types.ts'
import { care } from './tables.ts'

/**
 * The tables of the records beside the returns: one for each kind, made from its declaration, so that a column is
 * never declared twice. Each is exported by its name, by which drizzle-kit finds it.
 */
export const returnHomeInterviewRecords = recordTable('return-home-interviews')
export const independentVisitorRecords = recordTable('independent-visitors')
export const careLeaverRecords = recordTable('care-leavers')
export const careLeaverCircumstanceRecords = recordTable('care-leaver-circumstances')
export const personalEducationPlanRecords = recordTable('personal-education-plans')
export const schoolAttendanceRecords = recordTable('school-attendance')
export const schoolEnrolmentRecords = recordTable('school-enrolments')
export const suspensionRecords = recordTable('suspensions')
export const keyStageResultRecords = recordTable('key-stage-results')
export const specialEducationalNeedRecords = recordTable('special-educational-needs')
export const healthAssessmentRecords = recordTable('health-assessments')
export const statutoryVisitRecords = recordTable('statutory-visits')
export const socialWorkerRecords = recordTable('social-workers')
export const workforceCensusRecords = recordTable('workforce-census')
export const permanenceRecords = recordTable('permanence')
export const fosteringHouseholdRecords = recordTable('fostering-households')
export const fosteringPlacesRecords = recordTable('fostering-places')
export const providerRecords = recordTable('providers')
export const commissionedBedsRecords = recordTable('commissioned-beds')
export const carerRecruitmentRecords = recordTable('carer-recruitment')
export const placementDetailRecords = recordTable('placement-details')
export const childNeedRecords = recordTable('child-needs')
export const siblingGroupRecords = recordTable('sibling-groups')
export const childrenPlacedHereRecords = recordTable('children-placed-here')
export const regulation44VisitRecords = recordTable('regulation-44-visits')
export const kinshipSupportRecords = recordTable('kinship-support')
export const surveyRecords = recordTable('surveys')

/** The months in which an authority has dated records of a kind: where there are none, a figure is not available. */
export const recordCoverage = care.table(
  'record_coverage',
  {
    authority: text('authority').notNull(),
    kind: text('kind').notNull(),
    /** The month's first day. */
    month: date('month', { mode: 'string' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.authority, table.kind, table.month] })],
)

function recordTable(name: RecordKindName) {
  const kind = recordKindNamed(name)
  const child = childColumnOf(kind) === null ? text('child') : text('child').notNull()
  const columns: Record<string, PgColumnBuilderBase> = {}
  for (const column of ownColumnsOf(kind)) Object.assign(columns, databaseColumns(column))
  if (kind.derivedDay) {
    const derived = date(kind.derivedDay.name, { mode: 'string' })
    columns[kind.derivedDay.name] = derived.generatedAlwaysAs(sql.raw(kind.derivedDay.sql))
  }
  return care.table(
    relationOf(kind),
    {
      authority: text('authority').notNull(),
      id: text('id').notNull(),
      child,
      ...columns,
      writtenAt: moment('written_at').notNull(),
      writtenBy: text('written_by').notNull(),
      /** Counts up with every write that changed something; the first is 1. */
      revision: integer('revision').notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.authority, table.id] }),
      index(`${relationOf(kind)}_child`).on(table.authority, table.child),
      ...(kind.foundBy ?? []).map((name) =>
        index(`${relationOf(kind)}_${name}`).on(
          table.authority,
          (table as Record<string, IndexColumn>)[name]!,
        ),
      ),
    ],
  )
}

function databaseColumns(column: RecordColumn): Record<string, PgColumnBuilderBase> {
  const { name } = column
  const needed = 'required' in column || 'ifBlank' in column
  const one = plainColumn(column)
  const own = { [name]: needed ? one.notNull() : one }
  return column.kind === 'moment' ? { ...own, [timeColumnOf(name)]: time(timeColumnOf(name)) } : own
}

function plainColumn({ name, kind }: RecordColumn) {
  switch (kind) {
    case 'day':
    case 'moment':
      return date(name, { mode: 'string' })
    case 'whole-number':
      return integer(name)
    case 'number':
      return numeric(name, { precision: 12, scale: 4 })
    default:
      return text(name)
  }
}
