import { Button, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { OwnField } from '@/features/signing/ceremony-types'
import classes from '@/features/signing/signing.module.css'
import { Dialog } from '@/ui/dialog'
import { fieldLabel } from './field-label'
import { isImpressionField } from './fields'
import type { useDrafts } from './use-drafts'
import type { Guide } from './use-guide'

interface FieldSheetProps {
  guide: Guide
  drafts: Pick<ReturnType<typeof useDrafts>, 'values' | 'set'>
}

/** The same fields as a plain list: for small screens, and for whoever reads by ear. */
export function FieldSheet({ guide, drafts }: FieldSheetProps) {
  const { t } = useTranslation('signing')
  const written = guide.order.filter((field) => !isImpressionField(field))
  const signs = guide.order.filter(isImpressionField)
  return (
    <Dialog place="bottom" opened={guide.sheet !== null} close={guide.closeSheet} title={t('document.list_title')}>
      <div className={classes.stack}>
        <p className={classes.hint}>{t(written.length > 0 ? 'document.list_lead' : 'document.list_empty')}</p>
        {written.map((field) => (
          <SheetField key={field.id} field={field} drafts={drafts} focus={guide.sheet?.focus === field.id} />
        ))}
        {signs.map((field) => (
          <div key={field.id} className={classes.row}>
            <span>
              {fieldLabel(field, t)}
              <span className={classes.sub}>{t('document.on_page', { page: field.page })}</span>
            </span>
            <Button
              variant="default"
              onClick={() => {
                guide.closeSheet()
                guide.sign()
              }}
            >
              {t(field.type === 'seal' ? 'document.seal_here' : 'document.sign_here')}
            </Button>
          </div>
        ))}
        <Button onClick={guide.closeSheet}>{t('actions.continue')}</Button>
      </div>
    </Dialog>
  )
}

function SheetField({ field, drafts, focus }: { field: OwnField; drafts: FieldSheetProps['drafts']; focus: boolean }) {
  const { t } = useTranslation('signing')
  const input = {
    label: fieldLabel(field, t),
    description: `${t('document.on_page', { page: field.page })} · ${t(field.required ? 'document.required' : 'document.optional')}`,
    value: drafts.values[field.id] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => drafts.set(field.id, event.currentTarget.value),
    required: field.required,
    withAsterisk: false,
    'data-autofocus': focus || undefined,
  }
  if (field.type === 'date') return <TextInput type="date" {...input} />
  return field.height > 44 ? <Textarea autosize minRows={2} {...input} /> : <TextInput {...input} />
}
