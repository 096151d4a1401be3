import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ceremony, OwnField } from '@/features/signing/ceremony-types'
import type { PdfViewHandle } from '@/pdf/pdf-view'
import { fieldLabel } from './field-label'
import { inReadingOrder, isFilled, isImpressionField, leftOf, nextField, type Values } from './fields'
import { seals } from './seals'

interface GuideInput {
  ceremony: Ceremony
  values: Values
  view: RefObject<PdfViewHandle | null>
  goOn: () => void
}

export type Guide = ReturnType<typeof useGuide>

export const fieldElementId = (field: Pick<OwnField, 'id'>) => `place-${field.id}`

/** Leads from field to field: one button that says where it goes. */
export function useGuide({ ceremony, values, view, goOn }: GuideInput) {
  const { t } = useTranslation('signing')
  const { fields } = ceremony
  const adopted = ceremony.adopted !== null
  const [current, setCurrent] = useState<string | null>(null)
  const [sheet, setSheet] = useState<{ focus: string | null } | null>(null)
  const [leaving, setLeaving] = useState(false)
  const order = inReadingOrder(fields)
  const left = leftOf(fields, values, adopted)
  const target = nextField(fields, values, adopted, current)
  const arrived = target !== null && isImpressionField(target) && current === target.id
  const seal = seals(ceremony.recipient)

  const leave = () => {
    setLeaving(true)
    goOn()
  }
  /** To the signature or seal; an open required field is shown first. */
  const sign = () => {
    const open = left.find((field) => !isImpressionField(field))
    if (open) show(open)
    else leave()
  }
  const show = (field: OwnField) => {
    setCurrent(field.id)
    view.current?.scrollTo(field.page, Math.max(0, field.y - 60))
    window.setTimeout(() => {
      const element = document.getElementById(fieldElementId(field))
      if (element?.dataset.compact === 'true') setSheet({ focus: field.id })
      else element?.focus({ preventScroll: true })
    }, 350)
  }
  const next = () => {
    if (target && !arrived) show(target)
    else sign()
  }
  const label = () => {
    if (!target || arrived) return t(seal ? 'document.finish_seal' : 'document.finish_signature')
    if (isImpressionField(target)) return t(seal ? 'document.next_seal' : 'document.next_signature')
    return t('document.next_text', { label: fieldLabel(target, t) })
  }
  return {
    order,
    left,
    total: fields.filter((field) => field.required).length,
    current,
    setCurrent,
    adopted,
    filled: (field: OwnField) => isFilled(field, values, adopted),
    next,
    sign,
    leaving,
    label: label(),
    sheet,
    openSheet: (focus: string | null) => setSheet({ focus }),
    closeSheet: () => setSheet(null),
  }
}
