import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentUrl } from '@/api/envelopes'
import type { Envelope, EnvelopeDocument } from '@/api/types'
import { StepFrame } from '@/features/envelope/step-frame'
import { type PdfPageView, PdfView, type PdfViewHandle } from '@/pdf/pdf-view'
import { Dialog } from '@/ui/dialog'
import classes from './editor.module.css'
import { EditorBar } from './editor-bar'
import { EditorSide } from './editor-side'
import { FieldLayer } from './field-layer'
import type { EditorField } from './field-model'
import { Palette } from './palette'
import { focusField, useFieldEditor } from './use-field-editor'
import { useTool } from './use-tool'

interface FieldEditorViewProps {
  envelope: Envelope
  document: EnvelopeDocument
  keep: (envelope: Envelope) => void
}

/** Placing fields: the pages with the fields on them, the tools above, figures and list beside. */
export function FieldEditorView({ envelope, document, keep }: FieldEditorViewProps) {
  const { t } = useTranslation('editor')
  const editor = useFieldEditor(envelope, keep)
  const recipients = envelope.recipients
  const [recipientId, setRecipientId] = useState(recipients[0]?.id)
  const current = recipients.find((recipient) => recipient.id === recipientId) ?? recipients[0]
  const [page, setPage] = useState(1)
  const [zoom, setZoom] = useState(1)
  const [opened, { open, close }] = useDisclosure(false)
  const wide = useMediaQuery('(min-width: 68em)', undefined, { getInitialValueInEffect: false })
  const view = useRef<PdfViewHandle>(null)
  const tool = useTool({ editor, recipient: current, page })
  const field = editor.state.fields.find((other) => other.key === editor.state.selected)
  useUndoKeys(editor.dispatch)

  const show = useCallback(
    (shown: EditorField) => {
      close()
      editor.dispatch({ do: 'select', key: shown.key })
      view.current?.scrollTo(shown.page, shown.y)
      focusField(shown.key)
    },
    [close, editor.dispatch],
  )
  const overlay = (shown: PdfPageView) => (
    <FieldLayer editor={editor} recipients={recipients} view={shown} armed={tool.armed !== null} onPoint={tool.point} />
  )
  if (!current) return null
  const side = <EditorSide editor={editor} field={field} recipients={recipients} onShow={show} />

  return (
    <StepFrame
      envelope={envelope}
      step="fields"
      state={editor.autosave.state}
      flush={editor.autosave.flush}
      lead={wide ? t('lead') : undefined}
      wide
    >
      <p id="field-keys" hidden>
        {t('keys')}
      </p>
      <div className={classes.columns}>
        <div className={classes.desk}>
          <div className={classes.bar}>
            <div className={classes.barRow}>
              <Palette
                recipients={recipients}
                current={current}
                onRecipient={(recipient) => setRecipientId(recipient.id)}
                armed={tool.armed}
                locked={document.existing_signatures > 0}
                onTool={tool.choose}
                onDrag={tool.drag}
              />
              <EditorBar
                editor={editor}
                field={field}
                page={page}
                pages={document.page_sizes.length}
                zoom={zoom}
                onZoom={setZoom}
                onDetails={wide ? undefined : open}
              />
            </div>
            {tool.armed ? <p className={classes.hint}>{t('armed', { type: t(`type.${tool.armed}`) })}</p> : null}
          </div>
          <PdfView
            ref={view}
            src={documentUrl(envelope.id, document.id)}
            pages={document.page_sizes}
            zoom={zoom}
            maxWidth={900}
            onPageChange={setPage}
            overlay={overlay}
          />
        </div>
        {wide ? (
          <aside className={classes.side} aria-label={t('side')}>
            {side}
          </aside>
        ) : (
          <Dialog place="bottom" opened={opened} close={close} title={t('side')}>
            <p className={classes.how}>{t('lead')}</p>
            {side}
          </Dialog>
        )}
      </div>
      {tool.ghost}
      <div aria-live="polite" className="visually-hidden">
        {editor.said}
      </div>
    </StepFrame>
  )
}

/** Ctrl+Z and Ctrl+Shift+Z, outside of inputs, which have their own. */
function useUndoKeys(dispatch: ReturnType<typeof useFieldEditor>['dispatch']) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      if (typing || !(event.ctrlKey || event.metaKey)) return
      const key = event.key.toLowerCase()
      if (key !== 'z' && key !== 'y') return
      event.preventDefault()
      dispatch({ do: key === 'y' || event.shiftKey ? 'redo' : 'undo' })
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [dispatch])
}
