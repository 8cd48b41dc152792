/** Codes with blanks between them, as SQL has a list: `'K1', 'K2'`. */
export const quotedList = (codes: string): string =>
  codes
    .split(' ')
    .map((code) => `'${code}'`)
    .join(', ')
