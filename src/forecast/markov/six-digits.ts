/**
 * Decimal numbers that are rounded to six significant digits after each sum, product and quotient, half to even: the
 * precision in which the existing models scale shares and prices. Reproduced, for a penny in a quarter hangs on it.
 */
export interface Decimal {
  /** The number is `digits` × 10^`exponent`. */
  readonly digits: bigint
  readonly exponent: number
}

const PRECISION = 6

/** The decimal that is written for a number, with all of its digits. */
export function decimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

export const toNumber = ({ digits, exponent }: Decimal): number => Number(`${digits}e${exponent}`)

const ONE: Decimal = { digits: 1n, exponent: 0 }

export const times = (a: Decimal, b: Decimal): Decimal =>
  rounded(a.digits * b.digits, a.exponent + b.exponent)

export function plus(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return rounded(shifted(a, exponent) + shifted(b, exponent), exponent)
}

export const minus = (a: Decimal, b: Decimal): Decimal => plus(a, { ...b, digits: -b.digits })

export const onePlus = (a: Decimal): Decimal => plus(ONE, a)
export const oneMinus = (a: Decimal): Decimal => minus(ONE, a)

/** `b` is not zero. */
export function over(a: Decimal, b: Decimal): Decimal {
  // Two digits more than are kept; what remains of the division only says that it is not exact.
  const more = Math.max(0, PRECISION + 2 + lengthOf(b.digits) - lengthOf(a.digits))
  const dividend = a.digits * 10n ** BigInt(more)
  const quotient = dividend / b.digits
  const exact = quotient * b.digits === dividend
  const sign = dividend < 0n !== b.digits < 0n ? -1n : 1n
  return rounded(quotient * 10n + (exact ? 0n : sign), a.exponent - b.exponent - more - 1)
}

const shifted = ({ digits, exponent }: Decimal, to: number): bigint => digits * 10n ** BigInt(exponent - to)

const magnitude = (digits: bigint): bigint => (digits < 0n ? -digits : digits)
const lengthOf = (digits: bigint): number => magnitude(digits).toString().length

function rounded(digits: bigint, exponent: number): Decimal {
  const surplus = lengthOf(digits) - PRECISION
  if (surplus <= 0) return { digits, exponent }
  const unit = 10n ** BigInt(surplus)
  const [kept, rest] = [magnitude(digits) / unit, magnitude(digits) % unit]
  const up = rest * 2n > unit || (rest * 2n === unit && kept % 2n === 1n)
  const result = kept + (up ? 1n : 0n)
  return { digits: digits < 0n ? -result : result, exponent: exponent + surplus }
}
