import { type Static, type TProperties, Type } from 'typebox'
import { PROVIDER_MATCHES } from '../../indicators/populations/placement-providers.ts'
import { AuthorityCode } from '../../platform/http/parameters.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { EVENT_KINDS } from './child-timeline.ts'

/** What the call on a child takes and gives. */

export const OfChild = Type.Object(
  {
    authority: AuthorityCode,
    child: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The child’s identifier as in the return (`CHILD`); upper and lower case are the same.',
      examples: ['A100042'],
    }),
  },
  { additionalProperties: false },
)

export const LabelledCode = named(
  'LabelledCode',
  Type.Object(
    {
      code: Type.String({ description: 'The code, of the return or of a dimension of this service.' }),
      label: Type.String({ description: 'What it means.' }),
    },
    { additionalProperties: false, description: 'A code and what it means.' },
  ),
)

const code = (description: string) =>
  Type.Unsafe<{ code: string; label: string }>({ ...refTo(LabelledCode), description })
const codeOrNull = (description: string) =>
  Type.Union([refTo(LabelledCode), Type.Null()], {
    description: `${description}; null where none was returned.`,
  })
const day = (description: string) => Type.String({ format: 'date', description })
const dayOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date' }), Type.Null()], { description })
const yesOrNull = (description: string) =>
  Type.Union([Type.Boolean(), Type.Null()], { description: `${description}; null where not returned.` })
const wholeNumberOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const year = Type.String({ description: 'The reporting year whose return says so, such as `2024-25`.' })
const UNTIL = 'The first day on which it is no more; null while it lasts.'

const part = <const Id extends string, P extends TProperties>(id: Id, description: string, members: P) =>
  named(id, Type.Object(members, { additionalProperties: false, description }))

export const PeriodOfCare = part(
  'PeriodOfCare',
  'A period of care: from starting to be looked after to ceasing.',
  {
    number: Type.Integer({
      minimum: 1,
      description: 'Its number among the child’s, as far back as is known.',
    }),
    startedOn: day('First day of care, or of the first episode known.'),
    ceasedOn: dayOrNull('Day on which the child ceased to be looked after; null while the child is.'),
    reasonCeased: codeOrNull('Why it ceased'),
    startIsKnown: Type.Boolean({
      description: 'False where the first episode known is not a start: the child was looked after before.',
    }),
  },
)

/** What a record of the kind providers holds, as its codes are told there. */
const codeOfHome = (column: string, description: string) => ({
  ...codeOrNull(description),
  description: `${description}, by the codes of \`${column}\`; null where not known.`,
})

export const PlacementHome = part(
  'PlacementHome',
  'The home or agency of a placement, by its Ofsted URN: as the records of the kind `providers` tell it on the last day of the stretch, or now while it lasts; where they begin later, as the first of them tells it.',
  {
    status: Type.Enum(PROVIDER_MATCHES, {
      type: 'string',
      description:
        '`matched`: a record of `providers` has the URN. `unknown-urn`: none has, so that the rest is null. `no-urn`: the return has no URN, as for carers of the authority’s own. `not-ofsted`: the return says that Ofsted does not register the home (`XXXXXXX`), lawfully so for settings of the NHS and others.',
    }),
    urn: textOrNull('Ofsted’s number of the home (URN); null where none was returned.'),
    name: textOrNull('Its name, as published; null where not known.'),
    type: codeOfHome('prov_type', 'What kind of home or agency it is'),
    sector: codeOfHome('prov_sector', 'Who runs it'),
    capacity: wholeNumberOrNull('How many children may live there; null where not known.'),
    registered: codeOfHome('prov_registered', 'Whether it is registered with Ofsted'),
    judgement: codeOfHome('prov_judgement', 'Ofsted’s latest judgement of it'),
    asAt: dayOrNull('The day that the record describes; null where there is none.'),
  },
)
const home = Type.Unsafe<Static<typeof PlacementHome>>(refTo(PlacementHome))

export const CareEpisode = part('CareEpisode', 'An episode: one legal status in one placement.', {
  startedOn: day('First day.'),
  ceasedOn: dayOrNull(UNTIL),
  reasonStarted: code('Why it began (RNE).'),
  legalStatus: code('Legal status (LS).'),
  categoryOfNeed: code('Category of need (CIN).'),
  placement: code('Placement (PLACE).'),
  provider: codeOrNull('Provider of the placement (PLACE_PROVIDER)'),
  reasonCeased: codeOrNull('Why it ceased (REC)'),
  reasonPlaceChange: codeOrNull('Why the placement that ended with it changed (REASON_PLACE_CHANGE)'),
  urn: textOrNull('Ofsted’s number of the home (URN); null where none was returned.'),
  home,
  placementAuthority: textOrNull(
    'Today’s authority of the placement’s postcode, by its ONS code; outside England the council, or the country where no more is known (`W92000004` Wales, `S92000003` Scotland, `N92000002` Northern Ireland, `L93000001` Channel Islands, `M83000003` Isle of Man; `NUK` elsewhere). Of a temporary stay, that of the placement it interrupts. Null for a short break, and where it is not known.',
  ),
  placementRelation: code(
    'Where that is, seen from the responsible authority: a category of the dimension `placement-authority-relation`.',
  ),
  distanceMiles: Type.Union([Type.Number(), Type.Null()], {
    description:
      'Miles between the postcodes of the child’s home and of the placement in a straight line, rounded to one decimal; null where one of them is not known. The postcodes themselves are not given out.',
  }),
  shortBreak: Type.Boolean({ description: 'A short break (V3, V4): not counted as being looked after.' }),
  temporary: Type.Boolean({ description: 'A temporary stay (T0 to T4), which interrupts no placement.' }),
  periodOfCare: wholeNumberOrNull('Number of the period of care; null for a short break.'),
  placementNumber: wholeNumberOrNull(
    'Number of the placement that it belongs to; null for a short break, or a stay that interrupts none.',
  ),
  year,
})

export const ChildPlacement = part(
  'ChildPlacement',
  'A placement: a stretch in one home. Temporary stays are bridged; changes of status only, or of the same carer’s address, are none.',
  {
    number: Type.Integer({ minimum: 1, description: 'Its number among the child’s placements.' }),
    startedOn: day('First day.'),
    ceasedOn: dayOrNull(UNTIL),
    periodStartedOn: day('First day of the period of care that it belongs to.'),
    placement: code('The placement code at its start.'),
    type: code('Its category of the dimension `placement-type`.'),
    provider: code('Its category of the dimension `placement-provider`.'),
    home,
  },
)

export const ChildSocialWorker = part('ChildSocialWorker', 'A social worker’s time with the child.', {
  socialWorker: Type.String({ description: 'The worker’s registration number, as returned.' }),
  startedOn: day('First day.'),
  ceasedOn: dayOrNull(UNTIL),
  reason: codeOrNull('Why the worker changed'),
})

export const MissingIncident = part('MissingIncident', 'A time missing, or away without authorisation.', {
  kind: code('Missing (`M`) or away from placement without authorisation (`A`).'),
  startedOn: day('First day.'),
  ceasedOn: dayOrNull('Last day; null while it lasts.'),
  year,
})

export const Review = part('Review', 'A review of the child’s case.', {
  heldOn: day('The day.'),
  participation: code('The child’s part in it.'),
  year,
})

export const HealthRecord = part('HealthRecord', 'Health and behaviour in a reporting year (table OC2).', {
  year,
  sdqScore: wholeNumberOrNull('Strengths and difficulties score, 0 to 40; null where none was returned.'),
  sdqReason: codeOrNull('Why there is no score'),
  convicted: yesOrNull('Whether convicted, or cautioned for an offence, in the year'),
  healthCheck: yesOrNull('Whether development checks are up to date'),
  immunisations: yesOrNull('Whether immunisations are up to date'),
  teethCheck: yesOrNull('Whether teeth were checked in the year'),
  healthAssessment: yesOrNull('Whether the annual health assessment took place'),
  substanceMisuse: yesOrNull('Whether a substance misuse problem is known'),
  interventionReceived: yesOrNull('Whether an intervention for it was received'),
  interventionOffered: yesOrNull('Whether one was offered'),
})

export const CareLeaverRecord = part('CareLeaverRecord', 'A care leaver in a reporting year (table OC3).', {
  year,
  inTouch: code('Whether the authority is in touch.'),
  activity: codeOrNull('Main activity'),
  accommodation: codeOrNull('Accommodation, and whether it is suitable'),
})

export const AdoptionRecord = part('AdoptionRecord', 'An adoption in a reporting year (table AD1).', {
  year,
  decidedOn: dayOrNull(
    'Day of the decision that the child should be placed for adoption; null if not returned.',
  ),
  matchedOn: dayOrNull('Day on which the child was matched with the adopters; null if not returned.'),
  byFosterCarer: yesOrNull('Whether the child’s foster carers adopt'),
  adopters: codeOrNull('How many adopters'),
  sexOfAdopters: codeOrNull('Their sex'),
  legalStatusOfAdopters: codeOrNull('Their legal status'),
})

export const AdoptionDecision = part(
  'AdoptionDecision',
  'A decision that the child should be placed for adoption.',
  {
    decidedOn: day('The day of the decision.'),
    reversedOn: dayOrNull('The day on which it was reversed; null while it holds.'),
    reversedBecause: codeOrNull('Why it was reversed'),
    year,
  },
)

export const PreviousPermanence = part(
  'PreviousPermanence',
  'The permanence that the child had before this care, as a return states it.',
  {
    year,
    option: code('The permanence option.'),
    authority: textOrNull('Authority that arranged it, by the return’s code; null where not returned.'),
    date: textOrNull('When, as returned: parts not known are `ZZ`; null where not returned.'),
  },
)

export const DeprivationOfLiberty = part('DeprivationOfLiberty', 'A deprivation of liberty order.', {
  startedOn: day('First day.'),
  ceasedOn: dayOrNull(UNTIL),
  year,
})

export const TimelineEvent = part('TimelineEvent', 'Something that happened on a day.', {
  day: day('The day.'),
  kind: Type.Enum(EVENT_KINDS, { type: 'string', description: 'What kind of event it is, for programs.' }),
  text: Type.String({ description: 'What happened, in words.' }),
})

export const Child = part(
  'Child',
  'A child’s record, as the returns in force make it: codes with their meaning, and everything in order of time. Postcodes and pupil numbers are never given.',
  {
    child: Type.String({ description: 'The child’s identifier, as in the return.' }),
    authority: Type.String({ description: 'The authority’s nine-character GSS code.' }),
    sex: code('Sex, by the codes `M`, `F` and `U`.'),
    born: day('Day of birth.'),
    ethnicity: code('Ethnic origin.'),
    ethnicityGroup: code('Its category of the dimension `ethnicity`.'),
    uasc: Type.Boolean({ description: 'Whether the child is or was an unaccompanied asylum-seeking child.' }),
    uascCeasedOn: dayOrNull('The day on which that ceased; null where it did not, or was never so.'),
    mother: yesOrNull('Whether she is a mother'),
    motherOfChildBorn: dayOrNull('Day of birth of her first child; null where not returned.'),
    years: Type.Array(Type.String(), {
      description: 'Reporting years whose returns in force hold the child.',
    }),
    periodsOfCare: Type.Array(refTo(PeriodOfCare), { description: 'Periods of care, in order.' }),
    episodes: Type.Array(refTo(CareEpisode), { description: 'Episodes, short breaks included, in order.' }),
    placements: Type.Array(refTo(ChildPlacement), { description: 'Placements, in order.' }),
    socialWorkers: Type.Array(refTo(ChildSocialWorker), { description: 'Social workers, in order.' }),
    missing: Type.Array(refTo(MissingIncident), { description: 'Missing incidents, in order.' }),
    reviews: Type.Array(refTo(Review), { description: 'Reviews, in order.' }),
    health: Type.Array(refTo(HealthRecord), { description: 'Health and behaviour, by year.' }),
    careLeaver: Type.Array(refTo(CareLeaverRecord), { description: 'As a care leaver, by year.' }),
    adoptions: Type.Array(refTo(AdoptionRecord), { description: 'Adoption, by year.' }),
    placedForAdoption: Type.Array(refTo(AdoptionDecision), {
      description: 'Decisions that the child should be placed for adoption, in order.',
    }),
    previousPermanence: Type.Array(refTo(PreviousPermanence), {
      description: 'Previous permanence, by year.',
    }),
    deprivationsOfLiberty: Type.Array(refTo(DeprivationOfLiberty), {
      description: 'Deprivation of liberty orders, in order.',
    }),
    timeline: Type.Array(refTo(TimelineEvent), { description: 'What happened, in words and in order.' }),
  },
)

/** Schemas to register once, those that others point to first. */
export const CHILD_SCHEMAS = [
  LabelledCode,
  PeriodOfCare,
  PlacementHome,
  CareEpisode,
  ChildPlacement,
  ChildSocialWorker,
  MissingIncident,
  Review,
  HealthRecord,
  CareLeaverRecord,
  AdoptionRecord,
  AdoptionDecision,
  PreviousPermanence,
  DeprivationOfLiberty,
  TimelineEvent,
  Child,
]
