/** The returns in force, each with the day after its last, and the day on which the next begins. $1 is the authority. */
export const HELD = `
    select r.number, r.year, r.covers_from, r.covers_to + 1 as covers_until,
           r.table_rows as tables, lead(r.covers_from) over following as next_from
      from care.return r
     where r.authority = $1 and r.in_force
    window following as (order by r.year)`

/** A day as a number (20250331); the ages in years between two days are differences of such numbers. */
const numbered = (day: string): string => `to_char(${day}, 'YYYYMMDD')::int`

/** What a derived row says of its child `c`, in the order of the columns below. */
export const CHILD = `${numbered('c.born')}, c.sex, c.ethnicity, c.ethnicity_code, c.uasc, c.uasc_ceased_on`
export const CHILD_COLUMNS = 'born_number, sex, ethnicity, ethnicity_code, uasc, uasc_ceased_on'

/** The same, and the child's age on the row's own day. */
export const describedOn = (day: string): string =>
  `${CHILD}, (${numbered(day)} - ${numbered('c.born')}) / 10000`
export const DESCRIBED_COLUMNS = `${CHILD_COLUMNS}, age`

/** And of the home on its day, from the episode \`e\`; a temporary stay counts as the placement that it interrupts. */
export const HOME =
  'coalesce(e.usual_placement_code, e.placement_code), e.placement_type, e.placement_provider'
export const HOME_COLUMNS = 'placement_code, placement_type, placement_provider'

/** Joins the episode of care that covers the day. */
export const episodeOn = (of: string, day: string): string => `
  left join care.episode e
    on e.authority = $1 and e.child = ${of}.child and not e.short_break
   and e.started_on <= ${day} and (e.ceased_on is null or e.ceased_on > ${day})`

/** The birthday on which so many years are reached; born on 29 February, in common years it is 1 March. */
export const birthday = (born: string, years: string): string => {
  const plain = `(${born} + ${years} * interval '1 year')::date`
  return `(${plain} + (extract(day from ${plain}) <> extract(day from ${born}))::int)`
}
