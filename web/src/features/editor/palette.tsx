import type { MouseEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldType, Recipient } from '@/api/types'
import { shownName } from '@/features/envelope/envelope-problems'
import classes from './editor.module.css'
import { fieldIcons } from './field-box'
import { impressionsOf } from './field-model'
import { recipientColour } from './recipient-colours'

interface PaletteProps {
  recipients: readonly Recipient[]
  current: Recipient
  onRecipient: (recipient: Recipient) => void
  /** The tool that the next click on a page places. */
  armed: FieldType | null
  /** Date and text are ruled out by a signature that the PDF carries already. */
  locked: boolean
  onTool: (type: FieldType, event: MouseEvent) => void
  onDrag: (type: FieldType, event: PointerEvent) => void
}

/** Whose fields, and which: to be dragged onto the page, or chosen and then placed by a click. */
export function Palette({ recipients, current, onRecipient, armed, locked, onTool, onDrag }: PaletteProps) {
  const { t } = useTranslation('editor')
  const tools: FieldType[] = [...impressionsOf(current.kind), 'date', 'text']
  return (
    <div className={classes.palette}>
      <fieldset className={classes.people}>
        <legend className="visually-hidden">{t('palette.for')}</legend>
        {recipients.map((recipient, place) => {
          const colour = recipientColour(place)
          return (
            <button
              key={recipient.id}
              type="button"
              className={classes.person}
              aria-pressed={recipient.id === current.id}
              onClick={() => onRecipient(recipient)}
            >
              <span className={classes.dot} style={{ background: colour.line }} aria-hidden="true" />
              <span className={classes.personName}>{shownName(recipient)}</span>
            </button>
          )
        })}
      </fieldset>
      <fieldset className={classes.tools}>
        <legend className="visually-hidden">{t('palette.tools', { name: shownName(current) })}</legend>
        {tools.map((type) => {
          const Icon = fieldIcons[type]
          const off = locked && (type === 'date' || type === 'text')
          const colour = recipientColour(recipients.findIndex((recipient) => recipient.id === current.id))
          return (
            <button
              key={type}
              type="button"
              className={classes.tool}
              style={{ borderColor: colour.line, color: colour.text }}
              disabled={off}
              title={off ? t('palette.locked') : undefined}
              aria-pressed={armed === type}
              onClick={(event) => onTool(type, event)}
              onPointerDown={(event) => onDrag(type, event)}
            >
              <Icon size={20} aria-hidden />
              {t(`type.${type}`)}
            </button>
          )
        })}
      </fieldset>
    </div>
  )
}
