import { ActionIcon, NativeSelect, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconBuilding, IconGripVertical, IconTrash, IconUser } from '@tabler/icons-react'
import { type PointerEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { localeNames, locales, toLocale } from '@/i18n/locale'
import { type RecipientDraft, type RecipientGap, recipientGaps } from './recipient-draft'
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
      <div className={classes.head}>
        {count > 1 && ordered ? (
          <span className={classes.grip} onPointerDown={onGrip} aria-hidden="true">
            <IconGripVertical size={20} />
          </span>
        ) : null}
        {ordered ? <span className={classes.number}>{place + 1}</span> : null}
        <h2 className={classes.title}>
          {company ? <IconBuilding size={20} aria-hidden /> : <IconUser size={20} aria-hidden />}
          {title}
        </h2>
        {count > 1 && ordered ? (
          <>
            <ActionIcon
              variant="subtle"
              color="gray.7"
              size={44}
              disabled={place === 0}
              aria-label={t('recipient.up', { name: title })}
              onClick={() => onMove(place - 1)}
            >
              <IconArrowUp size={20} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray.7"
              size={44}
              disabled={place === count - 1}
              aria-label={t('recipient.down', { name: title })}
              onClick={() => onMove(place + 1)}
            >
              <IconArrowDown size={20} aria-hidden />
            </ActionIcon>
          </>
        ) : null}
        <ActionIcon
          variant="subtle"
          color="gray.7"
          size={44}
          aria-label={t('recipient.remove', { name: title })}
          onClick={onRemove}
        >
          <IconTrash size={20} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.fields}>
        {company ? (
          <TextInput
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
          label={t('recipient.email')}
          type="email"
          inputMode="email"
          value={draft.email}
          onChange={(event) => onChange({ email: event.currentTarget.value })}
          error={error('email', 'contact')}
          autoComplete="off"
        />
        <TextInput
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
          inputWrapperOrder={['label', 'input', 'description', 'error']}
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
