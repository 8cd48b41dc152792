import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { SupervisedService } from './supervised-service.ts'

/** A caller that writes for one authority, repeats what was not answered, and remembers what was. */
export interface Writer {
  readonly written: { readonly loads: number; readonly targets: number; readonly repeats: number }
  run(isOver: () => boolean): Promise<void>
  /** What differs between that which was acknowledged and that which is there. */
  faults(): Promise<string[]>
}

interface Load {
  readonly key: string
  readonly form: string
  readonly children: number
  /** What the first answer said, as it came. */
  readonly answer: string
}

const YEAR = '2024-25'
const INDICATOR = 'cla-count'
const BOUNDARY = 'of-the-chaos'
const REPLAYS_AT_THE_END = 25
const HISTORY = 100

export function newWriter(service: SupervisedService, authority: string, random: () => number): Writer {
  const base = `${service.address}/v1/authorities/${authority}`
  const loads: Load[] = []
  const targets: number[] = []
  const faults: string[] = []
  let repeats = 0
  let number = 0

  /** Until an answer comes that is neither "not now" nor none at all. */
  const acknowledged = async (url: string, init: RequestInit): Promise<{ status: number; body: string }> => {
    for (;;) {
      try {
        const answer = await fetch(url, {
          ...init,
          headers: { authorization: `Bearer ${service.key}`, ...init.headers },
          signal: AbortSignal.timeout(30_000),
        })
        const body = await answer.text()
        const isLater = [503, 504].includes(answer.status) || body.includes('idempotency-key-in-use')
        if (!isLater) return { status: answer.status, body }
      } catch {
        // Killed before it answered: what became of it is not known, and is asked by repeating it.
      }
      repeats++
      await wait(20 + random() * 80)
    }
  }
  const mustBe = (what: string, { status, body }: { status: number; body: string }): void => {
    if (status >= 300) faults.push(`${authority}: ${what} was answered ${status}: ${body.slice(0, 300)}`)
  }

  const send = (key: string, form: string) =>
    acknowledged(`${base}/returns?year=${YEAR}`, {
      method: 'POST',
      headers: { 'idempotency-key': key, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: form,
    })

  async function load(): Promise<void> {
    const children = 1 + Math.floor(random() * 200)
    const [key, form] = [randomUUID(), formOf(++number, children)]
    const answer = await send(key, form)
    mustBe('a load', answer)
    loads.push({ key, form, children, answer: answer.body })
  }

  async function replay(one: Load): Promise<void> {
    const again = await send(one.key, one.form)
    if (again.body !== one.answer)
      faults.push(
        `${authority}: a replay of ${one.key} was answered otherwise than at first: ${again.body.slice(0, 300)}`,
      )
  }

  async function setTarget(): Promise<void> {
    const value = targets.length + 1
    mustBe(
      'a target',
      await acknowledged(`${base}/targets/${INDICATOR}`, {
        method: 'PUT',
        // There is one from the first on, whatever its state.
        headers: { 'content-type': 'application/json', ...(value > 1 && { 'if-match': '*' }) },
        body: JSON.stringify({ period: YEAR, value }),
      }),
    )
    targets.push(value)
  }

  async function read<T>(path: string): Promise<T> {
    const answer = await acknowledged(`${base}${path}`, {})
    mustBe(`GET ${path}`, answer)
    return JSON.parse(answer.body) as T
  }

  return {
    get written() {
      return { loads: loads.length, targets: targets.length, repeats }
    },
    async run(isOver) {
      while (!isOver()) {
        const dice = random()
        if (dice < 0.4) await load()
        else if (dice < 0.5 && loads.length > 0) await replay(loads[Math.floor(random() * loads.length)]!)
        else await setTarget()
      }
    },
    async faults() {
      for (const one of loads.slice(-REPLAYS_AT_THE_END)) await replay(one)
      const expected = loads.map(({ answer }) => idOf(answer)).sort()
      const there: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: { data: { id: string }[]; next: string | null } = await read(
          `/returns?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )
        there.push(...page.data.map(({ id }) => id))
        cursor = page.next
      }
      if (there.sort().join() !== expected.join())
        faults.push(
          `${authority}: ${expected.length} returns were acknowledged, ${there.length} are there; missing: ${expected.filter((id) => !there.includes(id)).join()}; never acknowledged: ${there.filter((id) => !expected.includes(id)).join()}`,
        )
      const last = loads.at(-1)
      if (last) {
        const { data } = await read<{ data: { value: number }[] }>(
          `/observations?indicator=${INDICATOR}&period=${YEAR}`,
        )
        if (data[0]?.value !== last.children)
          faults.push(
            `${authority}: ${last.children} children were loaded last, ${data[0]?.value} are counted`,
          )
      }
      if (targets.length > 0) {
        const target = await read<{ value: number; history: { value: number }[] }>(
          `/targets/${INDICATOR}?period=${YEAR}`,
        )
        const values = [target.value, ...target.history.map(({ value }) => value)]
        if (
          values.join() !==
          targets
            .toReversed()
            .slice(0, Math.max(values.length, Math.min(targets.length, HISTORY)))
            .join()
        )
          faults.push(
            `${authority}: targets were set to ${targets.join()}, and the history is ${values.join()}`,
          )
      }
      return faults
    },
  }
}

const idOf = (answer: string): string =>
  (JSON.parse(answer) as { return?: { id: string } }).return?.id ?? `no return in ${answer.slice(0, 100)}`

/** A return of so many children; the number makes its content one of its own. */
function formOf(number: number, children: number): string {
  const ids = Array.from({ length: children }, (_, index) => `C${number}X${index}`)
  const files = {
    'header.csv': [
      'CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB',
      ...ids.map((id) => `${id},M,01/06/2012,WBRI,UN2,,`),
    ],
    'episodes.csv': [
      'CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN',
      ...ids.map((id) => `${id},01/06/2024,S,C2,N1,U4,PR1,,,,HD1 1AA,HD1 2AA,SC000001`),
    ],
  }
  const parts = Object.entries(files).map(
    ([name, lines]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="f"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${lines.join('\n')}\n\r\n`,
  )
  return `${parts.join('')}--${BOUNDARY}--\r\n`
}
