/**
 * The worked examples E01 to E29 of the definitions, as episodes: what each of them counts is known by hand. E08, E09
 * and E29 need figures or tables that are no part of the return. A letter behind the number tells variants apart.
 */
export interface WorkedExample {
  readonly name: string
  readonly born: string
  /** DECOM | RNE | LS | PLACE | PROVIDER | DEC | REC | REASON_PLACE_CHANGE | postcode */
  readonly episodes: readonly string[]
  readonly uascUntil?: string
  /** SW_ID | SW_DECOM | SW_DEC | SW_REASON */
  readonly workers?: readonly string[]
}

const ADOPTED_YOUNG = '01/01/2020'
const ABOUT_TEN = '01/01/2014'

/** The rows of E05, which E26 counts placements over. */
const TWO_DAY_GAP = [
  '01/01/2023 | S | V2 | U6 | PR1 | 10/06/2024 | E4A | | P1',
  '12/06/2024 | S | V2 | U6 | PR1 | | | | P1',
]
/** The rows of E19, which E20 asks the age over. */
const TWO_AND_A_HALF_YEARS = [
  '30/09/2022 | S | C2 | U4 | PR1 | 31/03/2023 | X1 | CARPL | P1',
  '31/03/2023 | P | C2 | U4 | PR1 | | | | P2',
]

export const WORKED_EXAMPLES: readonly WorkedExample[] = [
  { name: 'E01', born: ABOUT_TEN, episodes: ['10/05/2024 | S | V2 | U6 | PR1 | | | | P1'] },
  {
    name: 'E02',
    born: ABOUT_TEN,
    episodes: [
      '01/02/2025 | S | V3 | U6 | PR1 | 08/02/2025 | E4A | | P1',
      '01/03/2025 | S | V3 | U6 | PR1 | 08/03/2025 | E4A | | P1',
    ],
  },
  { name: 'E03', born: ABOUT_TEN, episodes: ['01/01/2023 | S | V2 | U6 | PR1 | 31/03/2025 | E4A | | P1'] },
  { name: 'E04', born: ABOUT_TEN, episodes: ['01/04/2024 | S | V2 | U6 | PR1 | | | | P1'] },
  { name: 'E04B', born: ABOUT_TEN, episodes: ['02/04/2024 | S | V2 | U6 | PR1 | | | | P1'] },
  { name: 'E05', born: ABOUT_TEN, episodes: TWO_DAY_GAP },
  {
    name: 'E06',
    born: ABOUT_TEN,
    episodes: [
      '01/05/2024 | S | V2 | U6 | PR1 | 10/05/2024 | E4A | | P1',
      '01/07/2024 | S | V2 | U6 | PR1 | 20/07/2024 | E4A | | P1',
      '01/10/2024 | S | V2 | U6 | PR1 | | | | P1',
    ],
  },
  // The side of the authority that the child leaves.
  { name: 'E07', born: ABOUT_TEN, episodes: ['01/02/2023 | S | V2 | U6 | PR1 | 01/09/2024 | E3 | | P1'] },
  {
    name: 'E10',
    born: '01/06/2008',
    uascUntil: '01/12/2024',
    episodes: ['01/02/2024 | S | V2 | U6 | PR1 | | | | P1'],
  },
  {
    name: 'E11',
    born: ABOUT_TEN,
    episodes: [
      '01/06/2023 | S | C1 | U6 | PR1 | 10/09/2024 | X1 | | P1',
      '10/09/2024 | L | C2 | U6 | PR1 | | | | P1',
    ],
  },
  {
    name: 'E12',
    born: '01/01/2012',
    episodes: [
      '01/06/2023 | S | C2 | U6 | PR1 | 01/05/2024 | X1 | CREQB | P1',
      '01/05/2024 | P | C2 | U6 | PR4 | 01/09/2024 | X1 | CREQB | P2',
      '01/09/2024 | P | C2 | K2 | PR4 | | | | P3',
    ],
  },
  {
    name: 'E13',
    born: ABOUT_TEN,
    episodes: [
      '01/06/2023 | S | C2 | U6 | PR1 | 01/07/2024 | X1 | | P1',
      '01/07/2024 | P | C2 | T1 | | 15/07/2024 | X1 | | HOSP',
      '15/07/2024 | P | C2 | U6 | PR1 | 01/12/2024 | X1 | CARPL | P1',
      '01/12/2024 | P | C2 | U4 | PR1 | | | | P2',
    ],
  },
  {
    name: 'E14',
    born: ABOUT_TEN,
    episodes: [
      '01/06/2023 | S | C2 | U6 | PR1 | 15/08/2024 | X1 | | P1',
      '15/08/2024 | P | C2 | T3 | | 29/08/2024 | X1 | | AWAY',
      '29/08/2024 | P | C2 | U6 | PR1 | | | | P2',
    ],
  },
  {
    name: 'E15',
    born: ABOUT_TEN,
    episodes: [
      '01/06/2023 | S | C2 | U6 | PR4 | 01/07/2024 | X1 | PLACE | P1',
      '01/07/2024 | T | C2 | U6 | PR1 | 01/10/2024 | X1 | PLACE | P1',
      '01/10/2024 | T | C2 | U6 | PR1 | | | | P9',
    ],
  },
  {
    name: 'E16',
    born: ADOPTED_YOUNG,
    episodes: [
      '01/06/2021 | S | C2 | U6 | PR1 | 01/02/2025 | X1 | CARPL | P1',
      '01/02/2025 | U | E1 | A5 | PR1 | | | | P1',
    ],
  },
  {
    name: 'E17',
    born: ADOPTED_YOUNG,
    episodes: [
      '01/06/2021 | S | C2 | U6 | PR1 | 01/02/2025 | X1 | CARPL | P1',
      '01/02/2025 | B | E1 | A6 | PR4 | | | | P2',
    ],
  },
  {
    name: 'E18',
    born: ADOPTED_YOUNG,
    episodes: [
      '01/06/2022 | S | C2 | U6 | PR1 | 01/05/2024 | X1 | CARPL | P1',
      '01/05/2024 | P | C2 | U6 | PR1 | 01/12/2024 | X1 | CARPL | P2',
      '01/12/2024 | B | E1 | A6 | PR4 | | | | P3',
    ],
  },
  { name: 'E19', born: ABOUT_TEN, episodes: TWO_AND_A_HALF_YEARS },
  {
    name: 'E19B',
    born: ABOUT_TEN,
    episodes: [
      '01/10/2022 | S | C2 | U4 | PR1 | 31/03/2023 | X1 | CARPL | P1',
      '31/03/2023 | P | C2 | U4 | PR1 | | | | P2',
    ],
  },
  {
    name: 'E19C',
    born: ABOUT_TEN,
    episodes: [
      '30/09/2022 | S | C2 | U4 | PR1 | 01/04/2023 | X1 | CARPL | P1',
      '01/04/2023 | P | C2 | U4 | PR1 | | | | P2',
    ],
  },
  { name: 'E20', born: '31/03/2009', episodes: TWO_AND_A_HALF_YEARS },
  { name: 'E20B', born: '01/04/2009', episodes: TWO_AND_A_HALF_YEARS },
  {
    name: 'E21',
    born: ABOUT_TEN,
    episodes: [
      '01/01/2022 | S | V3 | U6 | PR1 | 08/01/2022 | X1 | | P1',
      '08/01/2022 | L | V2 | U6 | PR1 | | | | P1',
    ],
  },
  {
    name: 'E22',
    born: ADOPTED_YOUNG,
    episodes: [
      '01/01/2021 | S | C2 | U6 | PR1 | 01/06/2024 | X1 | CARPL | P1',
      '01/06/2024 | T | C2 | U5 | PR1 | | | | P1',
    ],
  },
  {
    name: 'E23',
    born: ABOUT_TEN,
    episodes: [
      '01/06/2023 | S | C2 | U6 | PR1 | 01/04/2024 | X1 | CARPL | P1',
      '01/04/2024 | P | C2 | U6 | PR1 | 01/10/2024 | X1 | CARPL | P2',
      '01/10/2024 | P | C2 | U6 | PR1 | | | | P3',
    ],
  },
  {
    name: 'E24',
    born: ABOUT_TEN,
    episodes: [
      '10/05/2024 | S | V2 | U6 | PR1 | 10/05/2024 | X1 | CARPL | P1',
      '10/05/2024 | P | V2 | U6 | PR1 | | | | P2',
    ],
  },
  {
    name: 'E25',
    born: ABOUT_TEN,
    episodes: [
      '01/06/2023 | S | C2 | U6 | PR1 | 01/02/2024 | X1 | CREQO | P1',
      '01/02/2024 | P | C2 | U6 | PR1 | 31/03/2024 | X1 | CREQO | P2',
      '31/03/2024 | P | C2 | U6 | PR1 | | | | P3',
    ],
  },
  { name: 'E26', born: ABOUT_TEN, episodes: TWO_DAY_GAP },
  { name: 'E27', born: ABOUT_TEN, episodes: ['15/03/2024 | S | V2 | U6 | PR1 | | | | P1'] },
  { name: 'E27B', born: ABOUT_TEN, episodes: ['02/04/2024 | S | V2 | U6 | PR1 | | | | P1'] },
  {
    name: 'E28',
    born: ABOUT_TEN,
    episodes: ['01/01/2025 | S | V2 | U6 | PR1 | | | | P1'],
    workers: [
      'SW900001 | 01/04/2024 | 01/09/2024 | FCONTA',
      'SW900002 | 01/09/2024 | 01/01/2025 | TSPROC',
      'SW900001 | 01/01/2025 | | TSPROC',
    ],
  },
]
