/**
 * Lets callers who ask the same thing share its answer. While one question is under way, those who come wait for the
 * next one, which begins after they came: nobody is answered from a moment before their call, whichever process wrote
 * in between, and however many ask, they take one connection.
 * Questions are the same whose JSON is.
 */
export function together<Question, T>(
  ask: (question: Question) => Promise<T>,
): (question: Question) => Promise<T> {
  const underWay = new Map<string, { readonly settled: Promise<unknown>; next: Promise<T> | null }>()

  function begin(key: string, question: Question): Promise<T> {
    const asked = ask(question)
    const settled = asked.then(
      () => {},
      () => {},
    )
    const current = { settled, next: null }
    underWay.set(key, current)
    void settled.then(() => {
      if (current.next === null) underWay.delete(key)
    })
    return asked
  }

  return (question) => {
    const key = JSON.stringify(question)
    const current = underWay.get(key)
    if (current === undefined) return begin(key, question)
    current.next ??= current.settled.then(() => begin(key, question))
    return current.next
  }
}
