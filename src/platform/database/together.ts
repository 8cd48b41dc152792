/**
 * Lets callers who ask the same thing share its answer. While one question is under way, those who come wait for the
 * next one, which begins after they came: nobody is answered from a moment before their call, whichever process wrote
 * in between, and however many ask, they take one connection. Questions are the same whose JSON is.
 */
export function together<Question, T>(
  ask: (question: Question) => Promise<T>,
): (question: Question) => Promise<T> {
  const underWay = new Map<string, { readonly answer: Promise<T>; next: Promise<T> | null }>()

  function begin(key: string, question: Question): Promise<T> {
    const current = { answer: ask(question), next: null }
    underWay.set(key, current)
    current.answer.then(
      () => {
        if (current.next === null) underWay.delete(key)
      },
      () => underWay.delete(key),
    )
    return current.answer
  }

  return (question) => {
    const key = JSON.stringify(question)
    const current = underWay.get(key)
    if (current === undefined) return begin(key, question)
    // Where there is no answer, those who wait are told so with the others: a database that is away is not waited for twice.
    current.next ??= current.answer.then(() => begin(key, question))
    return current.next
  }
}
