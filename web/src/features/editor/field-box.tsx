import { IconCalendar, IconCursorText, IconRubberStamp, IconSignature } from '@tabler/icons-react'
import type { ComponentType, KeyboardEvent, PointerEvent as ReactPointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldType, Recipient } from '@/api/types'
import { shownName } from '@/features/envelope/envelope-problems'
import { boxToPixels } from '@/pdf/geometry'
import type { PdfPageView } from '@/pdf/pdf-view'
import classes from './field-box.module.css'
import { type FieldCommand, fieldCommand } from './field-keys'
import type { Corner, EditorField } from './field-model'
import type { RecipientColour } from './recipient-colours'

export const fieldIcons: Record<FieldType, ComponentType<{ size?: number; 'aria-hidden'?: boolean }>> = {
  signature: IconSignature,
  seal: IconRubberStamp,
  date: IconCalendar,
  text: IconCursorText,
}

interface FieldBoxProps {
  field: EditorField
  recipient: Recipient
  colour: RecipientColour
  view: PdfPageView
  pages: number
  selected: boolean
  onSelect: () => void
  onCommand: (command: FieldCommand) => void
  onGrab: (event: ReactPointerEvent, corner: Corner | null) => void
}

const corners: Corner[] = ['nw', 'ne', 'sw', 'se']

/** One field on its page: dragged by its middle, resized by its corners, and all of it by keys. */
export function FieldBox(props: FieldBoxProps) {
  const { field, recipient, colour, view, pages, selected, onSelect, onCommand, onGrab } = props
  const { t } = useTranslation('editor')
  const box = boxToPixels(field, view.scale)
  const Icon = fieldIcons[field.type]
  const name = shownName(recipient)

  const press = (event: KeyboardEvent) => {
    const command = fieldCommand(event, field, view, pages)
    if (!command) return
    event.preventDefault()
    onCommand(command)
  }
  return (
    <div
      className={classes.place}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height, zIndex: selected ? 2 : 1 }}
    >
      <button
        type="button"
        data-field={field.key}
        className={classes.box}
        style={{ borderColor: colour.line, background: colour.tint, color: colour.text }}
        data-selected={selected || undefined}
        data-round={field.type === 'seal' || undefined}
        aria-pressed={selected}
        aria-label={t('field.name', { type: t(`type.${field.type}`), name, page: field.page })}
        aria-describedby="field-keys"
        onFocus={onSelect}
        onKeyDown={press}
        onPointerDown={(event) => onGrab(event, null)}
      >
        <Icon size={16} aria-hidden />
        <span className={classes.text}>
          {field.label || t(`type.${field.type}`)}
          <span className={classes.who}>{name}</span>
        </span>
      </button>
      {selected
        ? corners.map((corner) => (
            <span
              key={corner}
              aria-hidden="true"
              className={classes.handle}
              data-corner={corner}
              style={{ borderColor: colour.line }}
              onPointerDown={(event) => onGrab(event, corner)}
            />
          ))
        : null}
    </div>
  )
}
