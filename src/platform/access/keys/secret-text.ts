import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_DIGITS = 43
const PREFIX_DIGITS = 8
const CHECKSUM_DIGITS = 6

const random = (digits: string, length: number): string =>
  Array.from({ length }, () => digits[randomInt(digits.length)]).join('')

/** 256 bits that nobody guesses, in letters and digits alone: a double click takes it whole. */
export const newSecret = (): string => random(DIGITS, SECRET_DIGITS)

export const newPrefix = (): string => random('0123456789abcdefghijklmnopqrstuvwxyz', PREFIX_DIGITS)

/**
 * By which a scanner of repositories, or we, can tell a text of this form from one that was mistyped or made up,
 * without asking anybody. It protects nothing.
 */
export function checksumOf(text: string): string {
  let rest = crc32(text)
  let checksum = ''
  for (let place = 0; place < CHECKSUM_DIGITS; place++) {
    checksum = DIGITS[rest % DIGITS.length] + checksum
    rest = Math.floor(rest / DIGITS.length)
  }
  return checksum
}

/** What is kept of a secret. Of 256 random bits a plain hash is enough: there is no list of likely ones to try. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
