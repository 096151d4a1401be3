import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Recipient } from '@/api/types'
import { shownName } from '@/features/envelope/envelope-problems'
import classes from './editor.module.css'
import { fieldIcons } from './field-box'
import { type EditorField, impressionsOf } from './field-model'
import { recipientColour } from './recipient-colours'

interface FieldListProps {
  fields: readonly EditorField[]
  recipients: readonly Recipient[]
  selected: string | null
  onSelect: (field: EditorField) => void
}

/** Every field by recipient and page: the same thing without the picture. */
export function FieldList({ fields, recipients, selected, onSelect }: FieldListProps) {
  const { t } = useTranslation('editor')
  return (
    <ul className={classes.list}>
      {recipients.map((recipient, place) => {
        const own = fields
          .filter((field) => field.recipientId === recipient.id)
          .sort((a, b) => a.page - b.page || a.y - b.y)
        const missing = !own.some((field) => impressionsOf(recipient.kind).includes(field.type))
        return (
          <li key={recipient.id}>
            <div className={classes.owner}>
              <span className={classes.dot} style={{ background: recipientColour(place).line }} aria-hidden="true" />
              {shownName(recipient)}
            </div>
            {missing ? (
              <div className={classes.missing}>
                <IconAlertTriangle size={16} aria-hidden />
                {t(recipient.kind === 'organization' ? 'list.no_seal' : 'list.no_signature')}
              </div>
            ) : null}
            {own.map((field) => {
              const Icon = fieldIcons[field.type]
              return (
                <button
                  key={field.key}
                  type="button"
                  className={classes.entry}
                  aria-pressed={selected === field.key}
                  onClick={() => onSelect(field)}
                >
                  <Icon size={18} aria-hidden />
                  <span>{field.label || t(`type.${field.type}`)}</span>
                  <span className={classes.entryPage}>{t('list.page', { page: field.page })}</span>
                </button>
              )
            })}
          </li>
        )
      })}
    </ul>
  )
}
