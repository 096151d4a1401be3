import { useCallback, useEffect, useRef, useState } from 'react'
import { saveFields } from '@/features/signing/api'
import type { Ceremony } from '@/features/signing/ceremony-types'
import { useAct } from '@/features/signing/use-ceremony'
import { initialValues, today, type Values } from './fields'

const pause = 700 // after the last key, in ms

const entries = (values: Values) => Object.entries(values).map(([id, value]) => ({ id, value }))

/** What the signer fills in: kept on the server a moment after each change, so that nothing typed is lost. */
export function useDrafts(rcp: string, ceremony: Ceremony) {
  const [values, setValues] = useState(() => initialValues(ceremony.fields, today()))
  const unsaved = useRef<Values | null>(null)
  const act = useAct(rcp, (all: Values) => saveFields(rcp, entries(all)))
  const { mutateAsync } = act

  const save = useCallback(async () => {
    const all = unsaved.current
    if (!all) return
    unsaved.current = null
    await mutateAsync(all).catch(() => {
      unsaved.current ??= all // tried again with the next change, or when going on
    })
  }, [mutateAsync])

  const set = (id: string, value: string) => {
    const all = { ...values, [id]: value }
    unsaved.current = all
    setValues(all)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the values starts the pause anew
  useEffect(() => {
    const timer = setTimeout(() => void save(), pause)
    return () => clearTimeout(timer)
  }, [values, save])

  useEffect(
    () => () => {
      if (unsaved.current) void saveFields(rcp, entries(unsaved.current)).catch(() => {})
    },
    [rcp],
  )

  /** Sends everything, prefilled dates too: the signer has read and goes on. */
  const finish = () => {
    unsaved.current = null
    return mutateAsync(values)
  }

  const state = act.isPending ? 'saving' : act.isError ? 'not_saved' : act.isSuccess ? 'saved' : null
  return { values, set, finish, state, error: act.error, pending: act.isPending } as const
}
