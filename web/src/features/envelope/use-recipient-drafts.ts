import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeEnvelope, putRecipients } from '@/api/envelopes'
import type { Envelope, RecipientKind } from '@/api/types'
import { currentLocale } from '@/i18n/i18n'
import { canBeKept, moved, newRecipient, type RecipientDraft, recipientGaps, toDraft, toInput } from './recipient-draft'
import { shelve, unshelve } from './shelf'
import { useAutosave } from './use-autosave'

interface Kept {
  order: Envelope['order']
  recipients: RecipientDraft[]
}

/** The recipients as they are being written, kept on the server as soon as they can be, and in this tab before. */
export function useRecipientDrafts(envelope: Envelope, keep: (envelope: Envelope) => void) {
  const { t } = useTranslation('envelope')
  const shelf = `recipients-${envelope.id}`
  const [list, setList] = useState<RecipientDraft[]>(
    () => unshelve<RecipientDraft[]>(shelf) ?? envelope.recipients.map(toDraft),
  )
  const [order, setOrder] = useState(envelope.order)
  const [added, setAdded] = useState<string | null>(null)
  const [removed, setRemoved] = useState<(RecipientDraft & { place: number }) | null>(null)
  const [checked, setChecked] = useState(false)
  const [said, setSaid] = useState('')
  const blocked = !list.every(canBeKept)

  const { state, flush } = useAutosave<Kept, Envelope>({
    value: { order, recipients: list },
    content: ({ recipients, ...rest }) => ({
      ...rest,
      recipients: recipients.map((draft) => ({ ...draft, id: '', phoneKept: '' })),
    }),
    blocked,
    save: async (value) => {
      if (value.order !== envelope.order) await changeEnvelope(envelope.id, { order: value.order })
      return putRecipients(envelope.id, value.recipients.map(toInput))
    },
    onSaved: (sent, answer) => {
      keep(answer)
      shelve(shelf, null)
      setList((now) => now.map((draft) => withId(draft, sent.recipients, answer)))
    },
  })

  const edit = (next: RecipientDraft[]) => {
    setList(next)
    shelve(shelf, next)
  }
  return {
    list,
    order,
    setOrder,
    state,
    added,
    removed,
    checked,
    said,
    waiting: blocked,
    flush: () => {
      setChecked(true)
      if (list.some((draft) => recipientGaps(draft).length > 0)) {
        requestAnimationFrame(() => document.querySelector<HTMLElement>('#main [aria-invalid="true"]')?.focus())
        return Promise.resolve(false)
      }
      return flush()
    },
    add: (kind: RecipientKind) => {
      const draft = newRecipient(kind, envelope.locale ?? currentLocale())
      edit([...list, draft])
      setAdded(draft.key)
      setChecked(false)
    },
    change: (key: string, patch: Partial<RecipientDraft>) =>
      edit(list.map((draft) => (draft.key === key ? { ...draft, ...patch } : draft))),
    move: (from: number, to: number) => {
      edit(moved(list, from, to))
      setSaid(t('recipient.moved', { place: to + 1, count: list.length }))
    },
    remove: (key: string) => {
      const place = list.findIndex((draft) => draft.key === key)
      const draft = list[place]
      if (!draft) return
      edit(list.filter((other) => other.key !== key))
      setRemoved({ ...draft, place })
    },
    undo: () => {
      if (!removed) return
      const { place, ...draft } = removed
      // The server has forgotten this recipient by now: it comes back as a new one.
      edit([...list.slice(0, place), { ...draft, id: undefined }, ...list.slice(place)])
      setRemoved(null)
      setAdded(draft.key)
    },
  }
}

/** The ids that the server gave, by place in what was sent. */
function withId(draft: RecipientDraft, sent: RecipientDraft[], answer: Envelope): RecipientDraft {
  const place = sent.findIndex((other) => other.key === draft.key)
  const recipient = answer.recipients[place]
  if (!recipient || (draft.id === recipient.id && draft.phoneKept === (recipient.phone_masked ?? null))) return draft
  return { ...draft, id: recipient.id, phoneKept: recipient.phone_masked ?? null }
}
