import { NativeSelect, TextInput } from '@mantine/core'
import { type PointerEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { localeNames, locales, toLocale } from '@/i18n/locale'
import { type RecipientDraft, type RecipientGap, recipientGaps } from './recipient-draft'
import { RecipientHead } from './recipient-head'
import classes from './recipients.module.css'

interface RecipientCardProps {
  draft: RecipientDraft
  place: number
  count: number
  ordered: boolean
  dragged: boolean
  focusFirst: boolean
  showGaps: boolean
  onChange: (patch: Partial<RecipientDraft>) => void
  onMove: (to: number) => void
  onRemove: () => void
  onGrip: (event: PointerEvent) => void
}

const inputOrder: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

export function RecipientCard(props: RecipientCardProps) {
  const { draft, place, count, ordered, dragged, focusFirst, showGaps, onChange, onMove, onRemove, onGrip } = props
  const { t } = useTranslation('envelope')
  const first = useRef<HTMLInputElement>(null)
  const company = draft.kind === 'organization'
  const gaps = recipientGaps(draft)
  const title = (company ? draft.organization : draft.name) || t(company ? 'recipient.company' : 'recipient.person')
  const error = (...wanted: RecipientGap[]) => {
    const gap = gaps.find((found) => wanted.includes(found))
    return showGaps && gap ? t(`recipient.gap.${gap}`) : undefined
  }

  useEffect(() => {
    if (focusFirst) first.current?.focus()
  }, [focusFirst])

  return (
    <li className={classes.card} data-dragged={dragged || undefined} aria-label={title}>
      <RecipientHead
        title={title}
        company={company}
        place={place}
        count={count}
        ordered={ordered}
        onMove={onMove}
        onRemove={onRemove}
        onGrip={onGrip}
      />
      <div className={classes.fields}>
        {company ? (
          <TextInput
            inputWrapperOrder={inputOrder}
            ref={first}
            className={classes.whole}
            label={t('recipient.organization')}
            description={t('recipient.organization_hint')}
            value={draft.organization}
            onChange={(event) => onChange({ organization: event.currentTarget.value })}
            error={error('organization')}
            autoComplete="off"
            maxLength={100}
          />
        ) : null}
        <TextInput
          inputWrapperOrder={inputOrder}
          ref={company ? undefined : first}
          className={company ? undefined : classes.whole}
          label={company ? t('recipient.agent') : t('recipient.name')}
          description={company ? t('recipient.agent_hint') : t('recipient.name_hint')}
          value={draft.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          error={error('name')}
          autoComplete="off"
          maxLength={100}
        />
        {company ? <LanguageSelect draft={draft} onChange={onChange} /> : null}
        <TextInput
          inputWrapperOrder={inputOrder}
          label={t('recipient.email')}
          type="email"
          inputMode="email"
          value={draft.email}
          onChange={(event) => onChange({ email: event.currentTarget.value })}
          error={error('email', 'contact')}
          autoComplete="off"
        />
        <TextInput
          inputWrapperOrder={inputOrder}
          label={t('recipient.phone')}
          type="tel"
          inputMode="tel"
          value={draft.phone}
          placeholder={draft.phoneKept ?? undefined}
          description={
            draft.phoneKept && !draft.phone ? t('recipient.phone_kept', { phone: draft.phoneKept }) : undefined
          }
          onChange={(event) => onChange({ phone: event.currentTarget.value })}
          error={error('phone')}
          autoComplete="off"
        />
        {company ? null : <LanguageSelect draft={draft} onChange={onChange} />}
      </div>
    </li>
  )
}

function LanguageSelect({ draft, onChange }: Pick<RecipientCardProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation('envelope')
  return (
    <NativeSelect
      label={t('recipient.language')}
      value={draft.locale}
      onChange={(event) => onChange({ locale: toLocale(event.currentTarget.value) ?? 'en' })}
      data={locales.map((locale) => ({ value: locale, label: localeNames[locale] }))}
    />
  )
}
