import type { ReportingYear } from './period.ts'

/**
 * The code sets of the SSDA903 return. Meanings are the DfE's (guide to the SSDA903 collection), shortened.
 * A code names the reporting years in which the return used it: outside them it is odd, yet understood.
 */
export interface Code {
  readonly label: string
  /** First reporting year (by the year in which it ends) whose return uses the code. */
  readonly since?: ReportingYear
  /** Last reporting year whose return uses the code. */
  readonly until?: ReportingYear
  /** The code it is kept as, where another year's set has another word for the same. */
  readonly keptAs?: string
}

export type CodeSet = Readonly<Record<string, Code>>

const labels = (entries: Readonly<Record<string, string>>): CodeSet =>
  Object.fromEntries(Object.entries(entries).map(([code, label]) => [code, { label }]))

export const SEX: CodeSet = {
  M: { label: 'Male', since: 2025 },
  F: { label: 'Female', since: 2025 },
  U: { label: 'Unknown', since: 2025 },
  1: { label: 'Male', until: 2024, keptAs: 'M' },
  2: { label: 'Female', until: 2024, keptAs: 'F' },
}

export const ETHNIC = labels({
  WBRI: 'White British',
  WIRI: 'White Irish',
  WOTH: 'Any other White background',
  WIRT: 'Traveller of Irish heritage',
  WROM: 'Gypsy or Roma',
  MWBC: 'White and Black Caribbean',
  MWBA: 'White and Black African',
  MWAS: 'White and Asian',
  MOTH: 'Any other Mixed background',
  AIND: 'Indian',
  APKN: 'Pakistani',
  ABAN: 'Bangladeshi',
  AOTH: 'Any other Asian background',
  BCRB: 'Black Caribbean',
  BAFR: 'Black African',
  BOTH: 'Any other Black background',
  CHNE: 'Chinese',
  OOTH: 'Any other ethnic group',
  REFU: 'Refused',
  NOBT: 'Information not yet obtained',
})

/** Reason for new episode. */
export const RNE = labels({
  S: 'Started to be looked after',
  L: 'Change of legal status only',
  P: 'Change of placement and carer only',
  T: 'Change of placement, same carer',
  B: 'Change of legal status, placement and carer',
  U: 'Change of legal status and placement, same carer',
})

/** Legal status. */
export const LS: CodeSet = {
  ...labels({
    C1: 'Interim care order',
    C2: 'Full care order',
    E1: 'Placement order',
    V2: 'Single period of accommodation, section 20',
    V3: 'Series of short breaks, each recorded',
    V4: 'Series of short breaks, agreement recorded',
    L1: 'Police protection',
    L2: 'Emergency protection order',
    L3: 'Child assessment order',
    J1: 'Remanded',
    J2: 'Police and Criminal Evidence Act accommodation',
    J3: 'Youth rehabilitation order with residence or intensive fostering',
    D1: 'Freeing order',
  }),
}

/** Category of need. */
export const CIN = labels({
  N1: 'Abuse or neglect',
  N2: "Child's disability",
  N3: 'Parental illness or disability',
  N4: 'Family in acute stress',
  N5: 'Family dysfunction',
  N6: 'Socially unacceptable behaviour',
  N7: 'Low income',
  N8: 'Absent parenting',
})

/** Placement type. */
export const PLACE: CodeSet = {
  ...labels({
    A3: 'Placed for adoption with consent, with current foster carer',
    A4: 'Placed for adoption with consent, not with current foster carer',
    A5: 'Placed for adoption with placement order, with current foster carer',
    A6: 'Placed for adoption with placement order, not with current foster carer',
    K1: "Secure children's home",
    K2: "Children's home",
    P1: 'With own parents or others with parental responsibility',
    P3: 'Residential employment',
    R1: 'Residential care home',
    R2: 'NHS or other establishment giving medical or nursing care',
    R3: 'Family centre or mother and baby unit',
    R5: 'Young offender institution',
    S1: 'Residential school',
    T0: 'Temporary move of any kind',
    T1: 'Temporary period in hospital',
    T2: 'Temporary absence on holiday',
    T3: 'Temporary accommodation while the carer is on holiday',
    T4: 'Temporary accommodation of seven days or less for another reason',
    U1: 'Fostered by relative or friend, long term',
    U2: 'Fostered by relative or friend who is also an approved adopter',
    U3: 'Fostered by relative or friend, not long term',
    U4: 'Fostered by other carer, long term',
    U5: 'Fostered by other carer who is also an approved adopter',
    U6: 'Fostered by other carer, not long term',
  }),
  // Both peers' readings of 2024/25 stand side by side in ssda903-spec.md 3: neither code is refused that year.
  H5: { label: 'Semi-independent living', until: 2025 },
  P2: { label: 'Independent living', until: 2025 },
  K3: { label: 'Supported accommodation (registered)', since: 2024 },
  Z1: { label: 'Other placement', until: 2025 },
  Z11: { label: 'Other placement, first kind', since: 2026 },
  Z12: { label: 'Other placement, second kind', since: 2026 },
  Z13: { label: 'Other placement, third kind', since: 2026 },
  Z14: { label: 'Other placement, fourth kind', since: 2026 },
}

export const PLACE_PROVIDER = labels({
  PR0: 'Parents or others with parental responsibility',
  PR1: 'Own provision',
  PR2: 'Other local authority',
  PR3: 'Other public provision',
  PR4: 'Private provision',
  PR5: 'Voluntary or third sector provision',
})

/** Reason episode ceased. */
export const REC: CodeSet = {
  ...labels({
    X1: 'Episode ceases and a new one begins on the same day',
    E11: 'Adopted, application unopposed',
    E12: 'Adopted, consent dispensed with',
    E13: 'Left care to live with others without parental responsibility',
    E14: 'Accommodation on remand ended',
    E15: 'Age assessment found 18 or over',
    E16: 'Moved abroad',
    E17: 'Aged 18 and remained with current carers',
    E2: 'Died',
    E3: 'Care taken over by another local authority',
    E41: 'Residence or child arrangements order',
    E4A: 'Returned home, planned',
    E4B: 'Returned home, not planned',
    E5: 'Moved into independent living with formal support',
    E6: 'Moved into independent living without formal support',
    E7: 'Transferred to adult residential care',
    E8: 'Ceased for any other reason',
    E9: 'Sentenced to custody',
  }),
  E4: { label: 'Returned home', until: 2016 },
  E43: { label: 'Special guardianship order to former foster carer', until: 2018 },
  E44: { label: 'Special guardianship order to other carer', until: 2018 },
  E45: { label: 'Special guardianship order, former foster carer, relative or friend', since: 2019 },
  E46: { label: 'Special guardianship order, former foster carer, other', since: 2019 },
  E47: { label: 'Special guardianship order, other carer, relative or friend', since: 2019 },
  E48: { label: 'Special guardianship order, other carer, other', since: 2019 },
}

export const REASON_PLACE_CHANGE: CodeSet = {
  ...labels({
    CARPL: 'Change to, or implementation of, the care plan',
    CLOSE: 'Resignation or closure of provision',
    ALLEG: 'Allegation',
    STAND: 'Standards of care concern',
    APPRR: 'Approval removed',
    CREQB: "Carer requests end because of the child's behaviour",
    CREQO: 'Carer requests end for another reason',
    CHILD: 'Child requests end',
    LAREQ: 'Responsible or area authority requests end',
    PLACE: 'Change in the status of the placement only',
    OTHER: 'Other',
  }),
  CUSTOD: { label: 'Custody arrangement', since: 2019 },
}

/** A child's part in a review. */
export const REVIEW_CODE = labels({
  PN0: 'Aged under 4',
  PN1: 'Attends and speaks',
  PN2: 'Attends, an advocate speaks',
  PN3: 'Attends, conveys views without words',
  PN4: 'Attends, does not contribute',
  PN5: 'Does not attend, briefs an advocate',
  PN6: 'Does not attend, conveys views by another medium',
  PN7: 'Does not attend, views not conveyed',
})

export const SDQ_REASON = labels({
  SDQ1: 'Aged under 4 or over 16',
  SDQ2: 'Carer refused',
  SDQ3: "Severity of the child's disability",
  SDQ4: 'Other',
  SDQ5: 'Child refused',
})

export const YES_NO = labels({ 0: 'No', 1: 'Yes' })
export const NUMBER_OF_ADOPTERS = labels({ 1: 'One adopter', 2: 'Two adopters' })

export const IN_TOUCH = labels({
  YES: 'In touch',
  NO: 'Not in touch',
  DIED: 'Died after leaving care',
  REFU: 'Refuses contact',
  NREQ: 'No longer requires services',
  RHOM: 'Returned home for six months or more',
})

export const ACTIV: CodeSet = {
  ...labels({
    F1: 'Higher education, full time',
    P1: 'Higher education, part time',
    F2: 'Other education, full time',
    P2: 'Other education, part time',
    G4: 'Not in education, employment or training: illness or disability',
    G5: 'Not in education, employment or training: other',
    G6: 'Not in education, employment or training: pregnancy or parenting',
    0: 'Not known',
  }),
  F3: { label: 'Training or employment, full time', until: 2021 },
  P3: { label: 'Training or employment, part time', until: 2021 },
  F4: { label: 'Apprenticeship, full time', since: 2022 },
  P4: { label: 'Apprenticeship, part time', since: 2022 },
  F5: { label: 'Training or employment, full time', since: 2022 },
  P5: { label: 'Training or employment, part time', since: 2022 },
}

/** Where a care leaver lives, by the letter that the codes of ACCOM begin with. */
export const ACCOMMODATION: Readonly<Record<string, string>> = {
  B: 'With parents or relatives',
  C: 'Community home or other residential care',
  D: 'Semi-independent, transitional accommodation',
  E: 'Supported lodgings',
  G: 'Gone abroad',
  H: 'Deported',
  K: 'Ordinary lodgings',
  R: 'Residence not known',
  S: 'No fixed abode',
  T: 'Foyer or similar',
  U: 'Independent living',
  V: 'Emergency accommodation',
  W: 'Bed and breakfast',
  X: 'In custody',
  Y: 'Other',
  Z: 'With former foster carer',
}

/** Accommodation: a letter and 1 (suitable) or 2 (unsuitable). Homelessness and custody are never suitable. */
export const ACCOM: CodeSet = {
  ...Object.fromEntries(
    Object.entries(ACCOMMODATION).flatMap(([letter, label]) => [
      [
        `${letter}1`,
        letter === 'S' || letter === 'X'
          ? { label: `${label}, suitable`, until: 2016 }
          : { label: `${label}, suitable` },
      ],
      [`${letter}2`, { label: `${label}, unsuitable` }],
    ]),
  ),
  0: { label: 'No information' },
}

export const SEX_ADOPTR = labels({
  M1: 'Single male',
  F1: 'Single female',
  MM: 'Male couple',
  FF: 'Female couple',
  MF: 'Male and female couple',
})

export const LS_ADOPTR: CodeSet = {
  ...labels({
    L0: 'Single adopter',
    L11: 'Married couple of different genders',
    L12: 'Married couple of the same gender',
    L2: 'Civil partnership',
    L3: 'Unmarried couple of different genders',
    L4: 'Couple of the same gender, neither married nor in a civil partnership',
  }),
}

export const REASON_PLACED_CEASED = labels({
  RD1: "Child's needs changed",
  RD2: 'Court did not make a placement order',
  RD3: 'Prospective adopters could not be found',
  RD4: 'Any other reason',
})

export const PREV_PERM = labels({
  P1: 'Adoption',
  P2: 'Special guardianship order',
  P3: 'Residence or child arrangements order',
  P4: 'Unknown',
  Z1: 'No previous permanence option',
})

export const MISSING = labels({ M: 'Missing', A: 'Away from placement without authorisation' })

export const SW_REASON = labels({
  MANAGE: 'Managing caseloads',
  FCONTA: 'First contact or re-referral',
  LEFTRL: 'Previous worker left the role',
  ORGRST: 'Restructure',
  TSPROC: 'Transfer by standard process',
  ABSENC: 'Absence cover or return',
  CHCHAN: 'Child requested the change',
  PCCHAN: 'Parent or carer requested the change',
  SWDIED: 'Previous worker died',
  OTHERS: 'Other',
})

/** The codes that a reporting year's return uses, in the order of the set. */
export const codesOf = (set: CodeSet, year: ReportingYear): string[] =>
  Object.entries(set)
    .filter(([, code]) => isUsedIn(code, year))
    .map(([code]) => code)

export const isUsedIn = (code: Code, year: ReportingYear): boolean =>
  (code.since ?? 0) <= year && year <= (code.until ?? 9999)
