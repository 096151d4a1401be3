import { useCallback, useEffect, useRef, useState } from 'react'

export type SaveState =
  | { kind: 'saved' }
  | { kind: 'pending' }
  | { kind: 'saving' }
  | { kind: 'failed'; error: unknown; text: string }

const retryDelay = 10_000

interface AutosaveOptions<T, R> {
  /** What is to be kept. */
  value: T
  /** What of it counts as a change; ids that the server gives do not. */
  content?: (value: T) => unknown
  save: (value: T) => Promise<R>
  onSaved?: (sent: T, answer: R) => void
  /** The value cannot be sent as it stands (a name is missing): it waits. */
  blocked?: boolean
  delay?: number
}

/**
 * Saves a while after the last change, one request at a time, the newest value last.
 * What could not be saved stays, is said, and is tried again: by hand, with the next change, or on its own.
 */
export function useAutosave<T, R>({
  value,
  content,
  save,
  onSaved,
  blocked = false,
  delay = 700,
}: AutosaveOptions<T, R>) {
  const text = JSON.stringify(content ? content(value) : value)
  const kept = useRef(text)
  const latest = useRef({ value, text, blocked, save, onSaved })
  latest.current = { value, text, blocked, save, onSaved }
  const running = useRef<Promise<boolean> | null>(null)
  const [state, setState] = useState<SaveState>({ kind: 'saved' })

  const flush = useCallback((): Promise<boolean> => {
    if (running.current) return running.current.then((done) => (done ? flush() : false))
    const now = latest.current
    if (now.text === kept.current) return Promise.resolve(true)
    if (now.blocked) return Promise.resolve(false)
    setState({ kind: 'saving' })
    running.current = now
      .save(now.value)
      .then(
        (answer) => {
          kept.current = now.text
          now.onSaved?.(now.value, answer)
          setState(latest.current.text === now.text ? { kind: 'saved' } : { kind: 'pending' })
          return true
        },
        (error: unknown) => {
          setState({ kind: 'failed', error, text: now.text })
          return false
        },
      )
      .finally(() => {
        running.current = null
      })
    return running.current
  }, [])

  useEffect(() => {
    if (text === kept.current) {
      setState((now) => (now.kind === 'pending' ? { kind: 'saved' } : now))
      return
    }
    if (state.kind === 'saved') setState({ kind: 'pending' })
    if (state.kind === 'saved' || state.kind === 'saving' || blocked) return
    const wait = state.kind === 'failed' && state.text === text ? retryDelay : delay
    const timer = setTimeout(() => void flush(), wait)
    return () => clearTimeout(timer)
  }, [text, blocked, delay, flush, state])

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (latest.current.text !== kept.current) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
      void flush()
    }
  }, [flush])

  return { state, flush }
}
