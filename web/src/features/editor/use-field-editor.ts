import { useCallback, useReducer, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { putFields } from '@/api/envelopes'
import type { Envelope, FieldType, Recipient } from '@/api/types'
import { useAutosave } from '@/features/envelope/use-autosave'
import { type Box, keepInside, type Point, roundBox, toMillimetres } from '@/pdf/geometry'
import type { FieldCommand } from './field-keys'
import { boxAround, type EditorField, toEditorField, toFieldInput } from './field-model'
import { fieldReducer, startState } from './field-state'

let made = 0

function newKey(): string {
  made += 1
  return `field-${Date.now().toString(36)}-${made}`
}

/** The fields of an envelope as they are being placed, kept on the server as one goes. */
export function useFieldEditor(envelope: Envelope, keep: (envelope: Envelope) => void) {
  const { t } = useTranslation('editor')
  const [state, dispatch] = useReducer(fieldReducer, envelope, (from) => startState(from.fields.map(toEditorField)))
  const [said, setSaid] = useState('')
  const document = envelope.documents[0]
  const pages = document?.page_sizes ?? []

  const autosave = useAutosave<EditorField[], Envelope>({
    value: state.fields,
    content: (fields) => fields.map((field) => ({ ...field, id: '' })),
    save: (fields) => putFields(envelope.id, fields.map(toFieldInput)),
    onSaved: (sent, answer) => {
      keep(answer)
      const ids = new Map<string, string>()
      sent.forEach((field, index) => {
        const saved = answer.fields[index]
        if (saved) ids.set(field.key, saved.id)
      })
      dispatch({ do: 'identify', ids })
    },
  })

  const place = useCallback(
    (type: FieldType, recipient: Recipient, page: number, point: Point) => {
      const size = pages[page - 1]
      if (!size || !document) return
      const key = newKey()
      dispatch({
        do: 'place',
        field: {
          key,
          recipientId: recipient.id,
          documentId: document.id,
          type,
          page,
          ...boxAround(point, type, size),
          required: true,
          label: '',
        },
      })
      setSaid(t('said.placed', { type: t(`type.${type}`), page }))
      focusField(key)
    },
    [document, pages, t],
  )

  const setBox = (field: EditorField, box: Box, page = field.page, gesture?: string) => {
    const size = pages[page - 1]
    if (!size) return
    dispatch({ do: 'change', key: field.key, patch: { ...roundBox(keepInside(box, size)), page }, gesture })
  }

  const remove = (field: EditorField) => {
    dispatch({ do: 'remove', key: field.key })
    setSaid(t('said.removed', { type: t(`type.${field.type}`) }))
  }
  const duplicate = (field: EditorField) => {
    const size = pages[field.page - 1]
    if (!size) return
    const key = newKey()
    dispatch({ do: 'duplicate', key: field.key, as: key, page: size })
    setSaid(t('said.duplicated', { type: t(`type.${field.type}`) }))
    focusField(key)
  }

  const obey = (field: EditorField, command: FieldCommand) => {
    switch (command.do) {
      case 'box':
        setBox(field, command.box, field.page, 'keys')
        setSaid(t('said.box', millimetres(command.box)))
        showField(field.key)
        return
      case 'page':
        setBox(field, field, command.page)
        setSaid(t('said.page', { page: command.page }))
        focusField(field.key)
        return
      case 'remove':
        return remove(field)
      case 'duplicate':
        return duplicate(field)
      case 'deselect':
        dispatch({ do: 'select', key: null })
    }
  }

  return { state, dispatch, place, setBox, remove, duplicate, obey, said, autosave, pages }
}

export type FieldEditor = ReturnType<typeof useFieldEditor>

function millimetres(box: Box) {
  const round = (points: number) => Math.round(toMillimetres(points) * 10) / 10
  return { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) }
}

/** Once it is on the page: the field takes the focus, so that the arrow keys move it. */
export function focusField(key: string) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-field="${CSS.escape(key)}"]`)?.focus()),
  )
}

/** Follows a field that the keyboard moves out of sight. */
function showField(key: string) {
  requestAnimationFrame(() =>
    document
      .querySelector(`[data-field="${CSS.escape(key)}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  )
}
