import { type DeclaredMeasure, type Target, target } from './declaration.ts'

const value = (...indicators: string[]): DeclaredMeasure => ({ is: indicators.map((id) => target(id)) })
const is = (...targets: Target[]): DeclaredMeasure => ({ is: targets })
const notOurs = (reason: string): DeclaredMeasure => ({ notOurs: reason })
const numerator = (indicator: string): Target => target(indicator, 'numerator')

const MONEY = 'expenditure in all: the service holds what a placement costs, and no accounts'
const SUBJECT =
  'no indicator is of one subject of key stage 2: ours is of reading, writing and maths together'
const PROGRESS = 'no indicator is of progress at key stage 2, which is no longer published'
const OF_ADOPTIONS = 'a share of the adoptions; ours is a count'
const OF_ORDERS = 'a share of the special guardianship orders; no indicator tells former carers apart'

/** Every measure of the tool on children looked after, by its short name. All of them were seen in its file. */
export const LAIT_MEASURES: Readonly<Record<string, DeclaredMeasure>> = {
  /* adoption */
  'No_of LAC Adopted': is(
    target('adoptions'),
    numerator('adopted-of-leavers-pct'),
    numerator('ceased-adopted-pct'),
  ),
  '%_of LAC Adopted': value('adopted-of-leavers-pct', 'ceased-adopted-pct'),
  LACnum_Adopt_AppUnop: value('adopted-unopposed-count'),
  LACnum_Adopt_ConsentDisp: value('adopted-consent-dispensed-with-count'),
  'LAC%_Adopt_AppUnop': notOurs(OF_ADOPTIONS),
  'LAC%_Adopt_ConsentDisp': notOurs(OF_ADOPTIONS),

  /* how many */
  LAC: value('cla-rate-per-10k'),
  LACnum: is(target('cla-count'), numerator('cla-rate-per-10k'), target('uasc-pct', 'denominator')),
  LACnum_Start: is(target('cla-starters'), numerator('cla-starters-rate-per-10k')),
  LAC_Start_Rate: value('cla-starters-rate-per-10k'),
  LACceased: is(
    target('cla-leavers'),
    numerator('cla-leavers-rate-per-10k'),
    ...[
      'adopted-of-leavers-pct',
      'ceased-adopted-pct',
      'ceased-sgo-pct',
      'ceased-cao-pct',
      'ceased-returned-home-planned-pct',
      'ceased-returned-home-unplanned-pct',
    ].map((id) => target(id, 'denominator')),
  ),
  LAC_Cease_Rate: value('cla-leavers-rate-per-10k'),
  Unacc_Asylmn_Seek_Childn: is(target('uasc-count'), numerator('uasc-pct')),
  'Unacc_Asylmn_Seek_Childn%': value('uasc-pct'),
  'UASC_%_Starting': value('starters-uasc-pct'),

  /* why they left */
  LAC_ceased_SGO: is(numerator('ceased-sgo-pct')),
  'LAC_ceased_SGO%': value('ceased-sgo-pct'),
  'LAC_SGO_FFC_Rel%': notOurs(OF_ORDERS),
  'LAC_SGO_FFC_Oth%': notOurs(OF_ORDERS),
  'LAC_SGO_Car_Rel%': notOurs(OF_ORDERS),
  'LAC_ceased_CAO%': value('ceased-cao-pct'),
  'LAC_RetHome_CarePlan_%': value('ceased-returned-home-planned-pct'),
  'LAC_RetHome_Not_CarePlan_%': value('ceased-returned-home-unplanned-pct'),

  /* stability */
  LACStable_2016on: value('three-plus-placements-pct'),
  LACStableNum_2016on: is(numerator('three-plus-placements-pct')),
  'LAC_LongStable%': value('same-carer-two-years-pct'),
  LAC_LongStableNum: is(numerator('same-carer-two-years-pct')),
  Stability_School: {
    ...value('mid-year-school-move-pct'),
    exceptPeriods: ['2017-18', '2018-19'],
    exceptBecause:
      'for 2018 and 2019 the tool has 12 and 5 per cent for England where the DfE published 9 and 9',
  },
  Stability_SocialWorker: value('three-plus-social-workers-pct'),

  /* where they live */
  LAC_Foster_Placements: value('placement-foster-pct'),
  LAC_SecHome_And_ChildHome: value('placement-residential-pct'),
  LAC_Ind_SInd_Liv_Arr: value('placement-independent-or-supported-pct'),
  LAC_Other_Res_Settings: value('placement-other-residential-pct'),
  LAC_Other_Place_Inc_Unreg: value('placement-other-pct'),
  LAC_Parents_OR_Others: value('placement-with-parents-pct'),
  LACDistance: value('placed-over-20-miles-and-outside-la-pct'),
  'Number_Foster_Places(New)': value('foster-places-count'),
  'Number_Foster_Places_Filled(New)': is(
    target('foster-places-count', 'value', { 'place-state': 'filled' }),
    numerator('foster-places-filled-pct'),
  ),

  /* missing */
  Children_missing: value('missing-children-pct'),
  Children_Away: value('away-children-pct'),

  /* health and offending */
  'LACHealth%': value('annual-health-assessment-pct'),
  'LACVaccinations%': value('immunisations-up-to-date-pct'),
  'LACDental%': value('dental-check-pct'),
  LACSubstance: value('substance-misuse-identified-pct'),
  Emotional_LAC: value('sdq-average-score'),
  LAC_Convictions: value('convicted-or-cautioned-pct'),

  /* school */
  LAC_Good_Develop: value('eyfs-good-level-of-development-pct'),
  LAC_KS2_ExpStd_RWM: value('ks2-rwm-expected-pct'),
  LAC_KS2_ExpStd_R: notOurs(SUBJECT),
  LAC_KS2_ExpStd_W: notOurs(SUBJECT),
  LAC_KS2_ExpStd_M: notOurs(SUBJECT),
  LAC_KS2_ExpStd_GPS: notOurs(SUBJECT),
  LAC_KS2_AVG_Prog8_R: notOurs(PROGRESS),
  LAC_KS2_AVG_Prog8_W: notOurs(PROGRESS),
  LAC_KS2_AVG_Prog8_M: notOurs(PROGRESS),
  LAC_KS4_AVG_Attain8: value('ks4-attainment-8'),
  LAC_KS4_AVG_Prog8: value('ks4-progress-8'),
  'LAC_EngMaths9-4': value('ks4-english-maths-9-4-pct'),
  'LAC_Fixed_ Ex': value('suspension-one-or-more-pct'),
  LAC_Unauth: value('absence-unauthorised-pct'),
  LAC_Over_Abs: value('absence-overall-pct'),
  LAC_Pers_Abs: value('persistent-absence-pct'),
  LAC_SEN: value('sen-support-pct'),
  LAC_SEN_Statement: value('sen-ehcp-pct'),

  /* care leavers of 19 to 21 */
  // The tool's number of care leavers is that of the suitability of their homes: who went abroad is left out of it.
  NoCareLeavers: is(target('care-leavers-suitable-accommodation-19-21-pct', 'denominator')),
  CareLeaverAcc: value('care-leavers-suitable-accommodation-19-21-pct'),
  NoCareLeaverAcc: is(numerator('care-leavers-suitable-accommodation-19-21-pct')),
  CareLeaverEET: value('care-leavers-eet-19-21-pct'),
  CareLeaverEETNum: is(numerator('care-leavers-eet-19-21-pct')),
  LAC_19_HE: value('care-leavers-higher-education-19-21-pct'),
  LAC_19_HE_Num: is(numerator('care-leavers-higher-education-19-21-pct')),
  CareLeaversNEET: value('care-leavers-neet-19-21-pct'),
  CareLeavers_LA_NotInTouch: value('care-leavers-not-in-touch-19-21-pct'),
  StayingPut: value('staying-put-19-20-pct'),

  /* what a week costs */
  // Outturn of a financial year (Section 251) over the weeks of care in it, where ours is the mean of the prices on its
  // last day: the one is not the other, and the definitions of ours say so; boards set them side by side all the same.
  LACFinance: value('placement-unit-cost'),
  FosteringFinance: value('placement-unit-cost-foster'),
  RescareFinance: value('placement-unit-cost-residential'),

  /* not children looked after, or no figure about them */
  CareApplications: notOurs('applications to the family court: the service holds no proceedings'),
  LeaveCareSupServTotExp: notOurs(MONEY),
  TotalLACFinance: notOurs(MONEY),
}
