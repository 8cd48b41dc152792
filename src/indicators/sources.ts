import type { Source } from './definition.ts'

/** Where definitions come from, by the names that analysts know. */

export const childrenLookedAfter = (part?: string): Source => ({
  title: 'Department for Education, Children looked after in England including adoptions',
  year: 2025,
  ...(part ? { part } : {}),
})

export const localAuthorityTool = (part: string): Source => ({
  title: 'Department for Education, Local Authority Interactive Tool, data dictionary',
  year: 2026,
  part,
})

export const validationRules = (part: string): Source => ({
  title: 'Department for Education, SSDA903 validation rules, as implemented in csc-validator-be-903',
  year: 2026,
  part,
})

export const boardPapers = (part: string): Source => ({
  title: 'Corporate parenting board papers',
  year: 2024,
  part,
})

export const adoptionScorecards = (part: string): Source => ({
  title: 'Department for Education, Adoption scorecards, methodology and guidance (titles)',
  year: 2018,
  part,
})

export const annexA = (part: string): Source => ({
  title: 'Ofsted, inspection of local authority children’s services, Annex A child-level data',
  year: 2024,
  part,
})

export const socialWorkWorkforce = (part: string): Source => ({
  title: 'Department for Education, Children’s social work workforce',
  year: 2025,
  part,
})

export const careLeaverLaw: Source = {
  title:
    'Children Act 1989, sections 23A to 24, as explained in Applying corporate parenting principles (DfE), annex 2',
  year: 2018,
}

export const carePlanningRegulations = (part: string): Source => ({
  title: 'Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959)',
  year: 2010,
  part,
})

export const outcomesOfChildren = (part: string): Source => ({
  title:
    'Department for Education, Outcomes for children in need, including children looked after by local authorities in England',
  year: 2025,
  part,
})

export const fosteringInEngland = (part: string): Source => ({
  title: 'Ofsted, Fostering in England',
  year: 2024,
  part,
})

export const providersAndPlaces = (part: string): Source => ({
  title: 'Ofsted, Children’s social care in England: providers and places',
  year: 2025,
  part,
})

export const childrensHomesRegulations = (part: string): Source => ({
  title: 'Children’s Homes (England) Regulations 2015 (SI 2015/541)',
  year: 2015,
  part,
})

/** What nearly every figure leaves out. */
export const SHORT_BREAKS = 'Short breaks (legal status V3 and V4).'
