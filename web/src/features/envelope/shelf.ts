/** What was typed but cannot be sent yet, kept in this tab: a reload loses nothing. */
export function shelve(name: string, value: unknown) {
  try {
    if (value === null) window.sessionStorage.removeItem(`vermilion-${name}`)
    else window.sessionStorage.setItem(`vermilion-${name}`, JSON.stringify(value))
  } catch {
    // no storage in this browser: the page itself still holds it
  }
}

export function unshelve<T>(name: string): T | null {
  try {
    const text = window.sessionStorage.getItem(`vermilion-${name}`)
    return text ? (JSON.parse(text) as T) : null
  } catch {
    return null
  }
}
