import { ActionIcon, Button } from '@mantine/core'
import {
  IconAdjustments,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconTrash,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import classes from './editor.module.css'
import type { EditorField } from './field-model'
import type { FieldEditor } from './use-field-editor'

interface EditorBarProps {
  editor: FieldEditor
  field: EditorField | undefined
  page: number
  pages: number
  zoom: number
  onZoom: (zoom: number) => void
  /** Opens figures and list, where they are not beside the pages. */
  onDetails?: () => void
}

const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]

export function EditorBar({ editor, field, page, pages, zoom, onZoom, onDetails }: EditorBarProps) {
  const { t } = useTranslation('editor')
  const format = useFormat()
  const { state, dispatch, remove, duplicate } = editor
  const at = zooms.indexOf(zoom)
  return (
    <div className={classes.acts}>
      <Act label={t('bar.undo')} off={state.past.length === 0} onClick={() => dispatch({ do: 'undo' })}>
        <IconArrowBackUp size={20} aria-hidden />
      </Act>
      <Act label={t('bar.redo')} off={state.future.length === 0} onClick={() => dispatch({ do: 'redo' })}>
        <IconArrowForwardUp size={20} aria-hidden />
      </Act>
      {onDetails ? null : (
        <>
          <Act label={t('bar.zoom_out')} off={at <= 0} onClick={() => onZoom(zooms[at - 1] ?? 1)}>
            <IconZoomOut size={20} aria-hidden />
          </Act>
          <Act label={t('bar.zoom_in')} off={at >= zooms.length - 1} onClick={() => onZoom(zooms[at + 1] ?? 1)}>
            <IconZoomIn size={20} aria-hidden />
          </Act>
        </>
      )}
      {onDetails && field ? (
        <>
          <Act label={t('panel.duplicate')} onClick={() => duplicate(field)}>
            <IconCopy size={20} aria-hidden />
          </Act>
          <Act label={t('panel.delete')} onClick={() => remove(field)}>
            <IconTrash size={20} aria-hidden />
          </Act>
        </>
      ) : null}
      {onDetails ? (
        <Button
          variant="default"
          size="sm"
          px="sm"
          leftSection={<IconAdjustments size={18} aria-hidden />}
          onClick={onDetails}
        >
          {t('bar.fields', { count: state.fields.length })}
        </Button>
      ) : (
        <span className={classes.where}>
          {t('bar.page', { page: format.number(page), pages: format.number(pages) })}
        </span>
      )}
    </div>
  )
}

interface ActProps {
  label: string
  off?: boolean
  onClick: () => void
  children: ReactNode
}

function Act({ label, off, onClick, children }: ActProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="gray.7"
      size={44}
      aria-label={label}
      title={label}
      disabled={off}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  )
}
