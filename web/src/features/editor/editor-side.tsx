import { useTranslation } from 'react-i18next'
import type { Recipient } from '@/api/types'
import classes from './editor.module.css'
import { FieldList } from './field-list'
import type { EditorField } from './field-model'
import { FieldPanel } from './field-panel'
import type { FieldEditor } from './use-field-editor'

interface EditorSideProps {
  editor: FieldEditor
  field: EditorField | undefined
  recipients: readonly Recipient[]
  onShow: (field: EditorField) => void
}

/** Beside the pages: the selected field in figures, and all fields as a list. */
export function EditorSide({ editor, field, recipients, onShow }: EditorSideProps) {
  const { t } = useTranslation('editor')
  return (
    <>
      {field ? (
        <section className={classes.panel} aria-label={t(`type.${field.type}`)}>
          <h2 className={classes.sideTitle}>{t(`type.${field.type}`)}</h2>
          <FieldPanel key={field.key} editor={editor} field={field} recipients={recipients} />
        </section>
      ) : null}
      <section className={classes.panel} aria-labelledby="all-fields">
        <h2 id="all-fields" className={classes.sideTitle}>
          {t('list.title')}
        </h2>
        <FieldList
          fields={editor.state.fields}
          recipients={recipients}
          selected={editor.state.selected}
          onSelect={onShow}
        />
      </section>
    </>
  )
}
