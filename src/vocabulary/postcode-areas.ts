/**
 * Postcode areas (the letters that a postcode begins with) that lie wholly outside England. The directory that is
 * loaded may hold England's postcodes only: of one that it doesn't hold, the area still tells that the home is
 * elsewhere, though not where, and so not how far.
 *
 * Areas that straddle a border are left out, for a postcode of theirs that the directory doesn't hold may as well be a
 * new one in England: CA, NE and TD at the Scottish border, DG (Gretna reaches over it); CH, GL, HR, LD, LL, NP and SY
 * at the Welsh one. Of the areas named here the ONS Postcode Directory of November 2025 has no postcode in England.
 * British Forces post (BF) is left out too: it says whose post it is, and not where they are.
 */
export const AREAS_OUTSIDE_ENGLAND: readonly {
  /** The code that the ONS gives the country or island; the return's own code where it gives none. */
  readonly place: string
  readonly name: string
  readonly areas: string
}[] = [
  { place: 'W92000004', name: 'Wales', areas: 'CF SA' },
  {
    place: 'S92000003',
    name: 'Scotland',
    areas: 'AB DD EH FK G HS IV KA KW KY ML PA PH ZE',
  },
  { place: 'N92000002', name: 'Northern Ireland', areas: 'BT' },
  { place: 'L93000001', name: 'Channel Islands', areas: 'GY JE' },
  { place: 'M83000003', name: 'Isle of Man', areas: 'IM' },
  {
    place: 'NUK',
    name: 'Gibraltar, and overseas territories whose one postcode ends in 1ZZ',
    areas: 'GX ASCN BBND BIQQ FIQQ PCRN SIQQ STHL TDCU TKCA',
  },
]
