import {
  count,
  type IndicatorDefinition,
  mean,
  percentage,
  type Source,
  type Switch,
} from '../../indicators/definition.ts'
import { lookedAfterDuring } from '../../indicators/populations/looked-after-during.ts'
import { missingAt, missingChildrenIn, missingIncidentsIn } from '../../indicators/populations/missing.ts'
import { returnHomeInterviewsIn } from '../../indicators/populations/return-home-interviews.ts'
import { annexA, boardPapers, childrenLookedAfter, localAuthorityTool } from '../../indicators/sources.ts'

const source = childrenLookedAfter(
  'missing and away from placement without authorisation (official statistics)',
)
const MISSING =
  'Missing: not where expected, whereabouts not known. Any length of time counts, and one carried over from before the period (E31).'
const AWAY =
  'Away: not where expected, whereabouts known, and the carer has concerns or it was notified. Never added to missing.'
const AWAY_ROWS = 'Times away without authorisation (A).'
const MISSING_ROWS = 'Times missing (M).'
const DURING = 'Children with a day in care in the period, short breaks left out.'

const missing: IndicatorDefinition[] = [
  count({
    id: 'missing-incidents',
    title: 'Missing incidents',
    subject: 'missing-episodes',
    population: missingIncidentsIn,
    counted: `incident_kind = 'M'`,
    countedInWords: 'Rows of the Missing table with MISSING = M that overlap the period.',
    polarity: 'lower-is-better',
    definition: `Times that children went missing. ${MISSING} Described by the day on which it started.`,
    exclusions: AWAY_ROWS,
    source,
    dimensions: missingIncidentsIn.dimensions,
    lookBack: 'period',
    tables: ['Missing'],
    headline: true,
  }),
  count({
    id: 'missing-children-count',
    title: 'Children who had a missing incident',
    subject: 'missing-episodes',
    population: missingChildrenIn,
    counted: 'incidents_missing >= 1',
    countedInWords: 'Children with one missing incident or more in the period.',
    polarity: 'lower-is-better',
    definition: `Children who went missing at least once. ${MISSING}`,
    exclusions: AWAY_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity', 'uasc'],
    lookBack: 'period',
    tables: ['Missing'],
    headline: true,
  }),
  percentage({
    id: 'missing-children-pct',
    title: 'Children who had a missing incident, of those looked after in the period',
    subject: 'missing-episodes',
    population: lookedAfterDuring,
    denominator: 'had_care',
    numerator: 'incidents_missing >= 1',
    numeratorInWords: 'Of them, those with one missing incident or more in the period.',
    denominatorInWords: DURING,
    polarity: 'lower-is-better',
    definition: `Share of the children looked after at any time in the period, not at its end, who went missing. ${MISSING} Some authorities record times away as missing: the DfE puts the overcount at about 10 to 13%.`,
    exclusions: AWAY_ROWS,
    source: localAuthorityTool('161'),
    dimensions: ['age-band', 'sex', 'ethnicity', 'uasc'],
    lookBack: 'period',
    tables: ['Missing'],
    headline: true,
  }),
  count({
    id: 'missing-more-than-once-count',
    title: 'Children missing more than once',
    subject: 'missing-episodes',
    population: missingChildrenIn,
    counted: 'incidents_missing >= 2',
    countedInWords: 'Children with two missing incidents or more in the period.',
    polarity: 'lower-is-better',
    definition: `Children who went missing at least twice. ${MISSING}`,
    exclusions: AWAY_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['Missing'],
    headline: true,
  }),
  mean({
    id: 'missing-incidents-per-missing-child',
    title: 'Missing incidents per missing child',
    subject: 'missing-episodes',
    population: missingChildrenIn,
    unit: 'incidents',
    measure: 'incidents_missing',
    denominator: 'incidents_missing >= 1',
    numeratorInWords: 'Missing incidents in the period.',
    denominatorInWords: 'Children with one missing incident or more in the period.',
    polarity: 'lower-is-better',
    definition: `Mean number of missing incidents of the children who went missing. ${MISSING}`,
    exclusions: AWAY_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['Missing'],
  }),
  count({
    id: 'missing-at-31-march',
    title: 'Children missing on the last day',
    subject: 'missing-episodes',
    population: missingAt,
    counted: `incident_kind = 'M'`,
    countedInWords: 'Children whose missing incident is open at the end of the last day of the period.',
    polarity: 'lower-is-better',
    definition:
      'Children who are missing on the last day of the period: 31 March for a reporting year, any day that is asked for otherwise.',
    exclusions: AWAY_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'uasc', 'placement-type'],
    lookBack: 'last-day',
    tables: ['Missing'],
    headline: true,
  }),
  count({
    id: 'missing-incidents-childrens-homes',
    title: 'Missing incidents from children’s homes',
    subject: 'missing-episodes',
    population: missingIncidentsIn,
    counted: `incident_kind = 'M' and placement_type = 'residential'`,
    countedInWords: 'Missing incidents that started in a placement with code K1 or K2.',
    polarity: 'lower-is-better',
    definition: `Missing incidents of children who lived in a secure or a children’s home as the incident started. ${MISSING}`,
    exclusions: AWAY_ROWS,
    source: boardPapers('missing incidents from children’s homes'),
    dimensions: ['age-band', 'sex', 'duration'],
    lookBack: 'period',
    tables: ['Missing'],
  }),
]

const away: IndicatorDefinition[] = [
  count({
    id: 'away-incidents',
    title: 'Incidents of being away without authorisation',
    subject: 'missing-episodes',
    population: missingIncidentsIn,
    counted: `incident_kind = 'A'`,
    countedInWords: 'Rows of the Missing table with MISSING = A that overlap the period.',
    polarity: 'lower-is-better',
    definition: `Times that children were away from their placement without authorisation. ${AWAY}`,
    exclusions: MISSING_ROWS,
    source,
    dimensions: missingIncidentsIn.dimensions,
    lookBack: 'period',
    tables: ['Missing'],
  }),
  count({
    id: 'away-children-count',
    title: 'Children who were away without authorisation',
    subject: 'missing-episodes',
    population: missingChildrenIn,
    counted: 'incidents_away >= 1',
    countedInWords: 'Children with one incident of being away or more in the period.',
    polarity: 'lower-is-better',
    definition: `Children who were away at least once. ${AWAY}`,
    exclusions: MISSING_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['Missing'],
  }),
  percentage({
    id: 'away-children-pct',
    title: 'Children who were away without authorisation, of those looked after in the period',
    subject: 'missing-episodes',
    population: lookedAfterDuring,
    denominator: 'had_care',
    numerator: 'incidents_away >= 1',
    numeratorInWords: 'Of them, those with one incident of being away or more in the period.',
    denominatorInWords: DURING,
    polarity: 'lower-is-better',
    definition: `Share of the children looked after at any time in the period who were away at least once. ${AWAY} The DfE puts the undercount at up to 32%.`,
    exclusions: MISSING_ROWS,
    source: localAuthorityTool('161'),
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['Missing'],
    headline: true,
  }),
  count({
    id: 'away-more-than-once-count',
    title: 'Children away more than once',
    subject: 'missing-episodes',
    population: missingChildrenIn,
    counted: 'incidents_away >= 2',
    countedInWords: 'Children with two incidents of being away or more in the period.',
    polarity: 'lower-is-better',
    definition: `Children who were away at least twice. ${AWAY}`,
    exclusions: MISSING_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['Missing'],
  }),
  mean({
    id: 'away-incidents-per-away-child',
    title: 'Incidents of being away per child who was',
    subject: 'missing-episodes',
    population: missingChildrenIn,
    unit: 'incidents',
    measure: 'incidents_away',
    denominator: 'incidents_away >= 1',
    numeratorInWords: 'Incidents of being away in the period.',
    denominatorInWords: 'Children with one incident of being away or more in the period.',
    polarity: 'lower-is-better',
    definition: `Mean number of incidents of the children who were away. ${AWAY}`,
    exclusions: MISSING_ROWS,
    source,
    dimensions: ['age-band', 'sex', 'ethnicity'],
    lookBack: 'period',
    tables: ['Missing'],
  }),
  count({
    id: 'away-at-31-march',
    title: 'Children away on the last day',
    subject: 'missing-episodes',
    population: missingAt,
    counted: `incident_kind = 'A'`,
    countedInWords: 'Children whose time away is open at the end of the last day of the period.',
    polarity: 'lower-is-better',
    definition: 'Children who are away without authorisation on the last day of the period.',
    exclusions: MISSING_ROWS,
    source,
    dimensions: ['age-band', 'sex'],
    lookBack: 'last-day',
    tables: ['Missing'],
  }),
]

/* ---- return home interviews, from records -------------------------------------------------------------------- */

const ENDED = 'Missing incidents (type M) on record that ended in the period'
const INTERVIEWS =
  'From the records `return-home-interviews`, by the day on which the incident ended; what is known today of the interview counts, also if it was held after the period.'
const INTERVIEW_EXCLUSIONS = 'Times away without authorisation (type A), and incidents that have not ended.'
const hours: readonly Switch[] = [
  {
    name: 'seventyTwoHours',
    value: 'by the clock where both times are known, else a difference of at most three days',
    meaning:
      'Calendar hours, weekends included, from the return to the interview (E33). The children behind the figure say by `rhiPrecision` which was used.',
  },
]
const offers: readonly Switch[] = [
  {
    name: 'offerNotRecorded',
    value: 'offered, if accepted or held',
    meaning: 'An interview that was accepted or held was offered, where the record leaves that blank.',
  },
]

interface InterviewShare {
  readonly id: string
  readonly title: string
  readonly numerator: string
  readonly numeratorInWords: string
  readonly denominator?: string
  readonly denominatorInWords: string
  readonly definition: string
  readonly source: Source
  readonly switches: readonly Switch[]
}

const interviews: IndicatorDefinition[] = [
  ...(
    [
      {
        id: 'rhi-offered-pct',
        title: 'Return home interviews offered',
        numerator: 'rhi_offered',
        numeratorInWords: 'Of them, those after which a return home interview was offered.',
        denominatorInWords: `${ENDED}.`,
        definition:
          'Share of missing incidents after which an interview was offered. Counts incidents, not children; an offer that is declined is an offer.',
        source: annexA('list 8'),
        switches: offers,
      },
      {
        id: 'rhi-accepted-pct',
        title: 'Return home interviews accepted',
        numerator: 'rhi_accepted',
        numeratorInWords: 'Of them, those of which the child accepted the interview, or had it.',
        denominator: 'rhi_offered',
        denominatorInWords: `${ENDED} and after which an interview was offered.`,
        definition: 'Share of the interviews offered that were accepted, or held without that being said.',
        source: annexA('list 8'),
        switches: offers,
      },
      {
        id: 'rhi-within-72-hours-pct',
        title: 'Return home interviews within 72 hours of return, of missing incidents',
        numerator: 'rhi_within_72_hours',
        numeratorInWords: 'Of them, those after which an interview was held within 72 hours of the return.',
        denominatorInWords: `${ENDED}.`,
        definition:
          'Share of missing incidents after which an interview was held in time. An interview that was declined, or held late, is none in time; see rhi-held-within-72-hours-pct for the share of those held.',
        source: boardPapers('return home interviews; DfE statutory guidance of 2014 on missing children'),
        switches: hours,
      },
      {
        id: 'rhi-held-within-72-hours-pct',
        title: 'Return home interviews within 72 hours of return, of interviews held',
        numerator: 'rhi_within_72_hours',
        numeratorInWords: 'Of them, those within 72 hours of the return.',
        denominator: 'rhi_held_on is not null',
        denominatorInWords: `${ENDED} and after which an interview was held.`,
        definition:
          'Share of the interviews held that were held in time; rhi-within-72-hours-pct has the same numerator, of all missing incidents.',
        source: boardPapers('return home interviews; DfE statutory guidance of 2014 on missing children'),
        switches: hours,
      },
    ] satisfies InterviewShare[]
  ).map((share) =>
    percentage({
      ...share,
      subject: 'missing-episodes',
      population: returnHomeInterviewsIn,
      polarity: 'higher-is-better',
      definition: `${share.definition} ${INTERVIEWS}`,
      exclusions: INTERVIEW_EXCLUSIONS,
      dimensions: returnHomeInterviewsIn.dimensions.filter((dimension) => dimension !== 'rhi-outcome'),
      lookBack: 'period',
      records: ['return-home-interviews'],
    }),
  ),
  count({
    id: 'rhi-outcomes',
    title: 'Return home interviews held, by theme',
    subject: 'missing-episodes',
    population: returnHomeInterviewsIn,
    counted: 'rhi_held_on is not null',
    countedInWords: `${ENDED} and after which an interview was held.`,
    polarity: 'neutral',
    definition: `Return home interviews held; broken down by \`rhi-outcome\`, by what they were about, in the authority’s own codes. ${INTERVIEWS}`,
    exclusions: INTERVIEW_EXCLUSIONS,
    source: boardPapers('outcomes of return home interviews'),
    dimensions: returnHomeInterviewsIn.dimensions,
    lookBack: 'period',
    records: ['return-home-interviews'],
  }),
]

/** Who goes missing, how often and for how long; who is away, which is another thing; and the interviews on return. */
export const missingEpisodesIndicators: readonly IndicatorDefinition[] = [...missing, ...away, ...interviews]
