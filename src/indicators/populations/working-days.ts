import { bankHolidays } from '../../vocabulary/bank-holidays.ts'

const HOLIDAYS = bankHolidays(2010, 2060)
  .map((day) => `'${day}'`)
  .join(', ')

/**
 * `weekday`: each day from one to another, whether it is a working day (Monday to Friday, no bank holiday), and how many
 * of those there have been by then. The nth working day after a day is the one whose number is higher by n. Both ends
 * are aggregates over the periods `p`.
 */
export const weekdays = (from: string, to: string): string => `weekday as (
    select d.day, d.works, count(*) filter (where d.works) over (order by d.day) as number
      from (select g.day::date as day, extract(isodow from g.day) < 6 and g.day::date not in (${HOLIDAYS}) as works
              from generate_series((select ${from} from period p), (select ${to} from period p), interval '1 day') as g(day)) d
)`
