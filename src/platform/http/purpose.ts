/** What a call is for, as it says itself; undefined where it does not. */
export function purposeOf({
  headers,
}: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}): string | undefined {
  const sent = headers['x-purpose']
  const purpose = (Array.isArray(sent) ? sent[0] : sent)?.trim()
  return purpose === '' ? undefined : purpose
}
