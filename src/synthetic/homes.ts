import type { Home } from './care-record.ts'
import { type DayNumber, dayNumber } from './day-number.ts'
import { type Distribution, Random, seedOf, weights } from './random.ts'

/** Postcode districts inside the council, those around it, and those far off. The full postcodes are made up. */
export const DISTRICTS_INSIDE = [
  'HD1',
  'HD2',
  'HD3',
  'HD4',
  'HD5',
  'HD7',
  'HD8',
  'HD9',
  'WF12',
  'WF13',
  'WF17',
]
export const DISTRICTS_AROUND = [
  'HX1',
  'HX3',
  'HX5',
  'BD4',
  'BD19',
  'LS27',
  'LS12',
  'WF1',
  'WF5',
  'S75',
  'OL14',
]
export const DISTRICTS_FAR = [
  'YO10',
  'HU5',
  'DN4',
  'PR2',
  'CH42',
  'NE6',
  'DL3',
  'NG9',
  'LE3',
  'ST5',
  'CT11',
  'NR3',
]

/** Placement types from 28 October 2023, when supported accommodation had to be registered. */
export const SUPPORTED_ACCOMMODATION_REGISTERED: DayNumber = dayNumber(2023, 10, 28)

/** Letters that the second half of a postcode never holds: C I K M O V. */
const INWARD_LETTERS = [...'ABDEFGHJLNPQRSTUWXYZ']

export const postcodeIn = (districts: readonly string[], random: Random): string =>
  `${random.pick(districts)} ${random.int(1, 9)}${random.pick(INWARD_LETTERS)}${random.pick(INWARD_LETTERS)}`

const FOSTER_PROVIDER = weights({ PR1: 48, PR4: 42, PR5: 9, PR2: 1 })
const HOME_PROVIDER = weights({ PR4: 78, PR1: 15, PR5: 6, PR2: 1 })
const SUPPORTED_PROVIDER = weights({ PR4: 72, PR5: 17, PR1: 11 })
const ADOPTION_PROVIDER = weights({ PR1: 66, PR2: 16, PR5: 14, PR4: 4 })

/** Who may provide a place: rules 527 to 531 and 550 forbid the other pairs. */
const PROVIDERS: Readonly<Record<string, Distribution<string>>> = {
  U1: weights({ PR1: 96, PR4: 4 }),
  U2: weights({ PR1: 1 }),
  U3: weights({ PR1: 97, PR4: 3 }),
  U4: FOSTER_PROVIDER,
  U5: FOSTER_PROVIDER,
  U6: FOSTER_PROVIDER,
  A3: ADOPTION_PROVIDER,
  A4: ADOPTION_PROVIDER,
  A5: ADOPTION_PROVIDER,
  A6: ADOPTION_PROVIDER,
  K1: weights({ PR2: 1 }),
  K2: HOME_PROVIDER,
  K3: SUPPORTED_PROVIDER,
  H5: SUPPORTED_PROVIDER,
  P1: weights({ PR0: 1 }),
  P2: SUPPORTED_PROVIDER,
  R1: weights({ PR4: 3, PR5: 1 }),
  R2: weights({ PR3: 1 }),
  R3: weights({ PR4: 3, PR5: 1 }),
  R5: weights({ PR3: 1 }),
  S1: weights({ PR4: 3, PR5: 1 }),
}

const SUBTYPE_OF_OTHER = weights({ Z11: 4, Z12: 3, Z13: 2, Z14: 1 })
const NOT_INSPECTED_BY_OFSTED = new Set(['P2', 'H5', 'R3', 'S1', 'A3', 'A4', 'A5', 'A6'])

interface Registered {
  readonly urn: string
  readonly postcode: string
}

/** The homes a council places children in, with Ofsted's numbers, so that children share homes and agencies. */
export class Homes {
  readonly #ownFosteringUrn: string
  readonly #agencies: readonly string[]
  readonly #childrensHomes: readonly Registered[]
  readonly #supportedHomes: readonly Registered[]

  constructor(seed: number, childrenInCare: number) {
    const random = new Random(seedOf(seed, 2))
    const urns = new Set<string>()
    const urn = (): string => {
      let made = ''
      while (made === '' || urns.has(made))
        made = random.chance(0.6)
          ? `SC${random.int(100_000, 999_999)}`
          : `${random.int(1_000_000, 2_999_999)}`
      urns.add(made)
      return made
    }
    const registered = (count: number): Registered[] =>
      Array.from({ length: Math.max(4, Math.ceil(count)) }, () => ({
        urn: urn(),
        postcode: postcodeNear(random, 0.5, 0.25),
      }))
    this.#ownFosteringUrn = urn()
    this.#agencies = Array.from({ length: Math.min(60, 6 + Math.ceil(childrenInCare / 60)) }, urn)
    this.#childrensHomes = registered(Math.min(4_000, childrenInCare / 12))
    this.#supportedHomes = registered(Math.min(4_000, childrenInCare / 15))
  }

  /** A home of this type; a parent's is the child's own. */
  home(place: string, homePostcode: string, random: Random): Home {
    if (place === 'P1') {
      const postcode = homePostcode === '' ? postcodeNear(random, 0.9, 0.05) : homePostcode
      return { place, provider: 'PR0', postcode, urn: '' }
    }
    if (place === 'Z1') {
      const postcode = this.#unlike(homePostcode, random)
      return { place, provider: '', postcode, urn: '', placeSince2026: random.weighted(SUBTYPE_OF_OTHER) }
    }
    const provider = random.weighted(PROVIDERS[place]!)
    if (place === 'K2')
      return { place, provider, ...registeredBut(homePostcode, this.#childrensHomes, random) }
    if (place === 'K3')
      return { place, provider, ...registeredBut(homePostcode, this.#supportedHomes, random) }
    return {
      place,
      provider,
      postcode: this.#unlike(homePostcode, random),
      urn: this.#urn(place, provider, random),
    }
  }

  /** Where a child stays for some days; it has neither provider nor number. */
  temporaryHome(place: string, random: Random): Home {
    return { place, provider: '', postcode: postcodeNear(random, 0.7, 0.2), urn: '' }
  }

  /** The same carers after they moved house. */
  moved(home: Home, homePostcode: string, random: Random): Home {
    return { ...home, postcode: this.#unlike(homePostcode, random) }
  }

  /** The same carers with another status. */
  restyled(home: Home, place: string, random: Random): Home {
    const supported = place === 'K3' ? { urn: random.pick(this.#supportedHomes).urn } : {}
    const adopting = NOT_INSPECTED_BY_OFSTED.has(place) ? { urn: 'XXXXXXX' } : {}
    return { ...home, place, ...supported, ...adopting }
  }

  #urn(place: string, provider: string, random: Random): string {
    if (place === 'R1' || place === 'R2' || place === 'R5') return ''
    if (NOT_INSPECTED_BY_OFSTED.has(place)) return 'XXXXXXX'
    if (place === 'K1') return random.pick(this.#childrensHomes).urn
    return provider === 'PR1' ? this.#ownFosteringUrn : random.pick(this.#agencies)
  }

  /** Rule 392d: only a parent lives where the child lived before. */
  #unlike(homePostcode: string, random: Random): string {
    let postcode = homePostcode
    while (postcode === homePostcode) postcode = postcodeNear(random, 0.62, 0.25)
    return postcode
  }
}

const registeredBut = (homePostcode: string, homes: readonly Registered[], random: Random): Registered => {
  let home = random.pick(homes)
  while (home.postcode === homePostcode) home = random.pick(homes)
  return home
}

const postcodeNear = (random: Random, inside: number, around: number): string => {
  const drawn = random.next()
  if (drawn < inside) return postcodeIn(DISTRICTS_INSIDE, random)
  return postcodeIn(drawn < inside + around ? DISTRICTS_AROUND : DISTRICTS_FAR, random)
}
