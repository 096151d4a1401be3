import { Button, Checkbox, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { IconCopy, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Recipient } from '@/api/types'
import { shownName } from '@/features/envelope/envelope-problems'
import { type EditorField, impressionOf, isImpression, resizeBox } from './field-model'
import { MillimetreInput } from './millimetre-input'
import type { FieldEditor } from './use-field-editor'

interface FieldPanelProps {
  editor: FieldEditor
  field: EditorField
  recipients: readonly Recipient[]
}

/** Everything about one field in figures and words: the whole editor without a pointer. */
export function FieldPanel({ editor, field, recipients }: FieldPanelProps) {
  const { t } = useTranslation('editor')
  const { dispatch, setBox, remove, duplicate, pages } = editor
  const page = pages[field.page - 1]
  if (!page) return null
  const change = (patch: Partial<EditorField>, gesture?: string) =>
    dispatch({ do: 'change', key: field.key, patch, gesture })

  const assign = (id: string) => {
    const recipient = recipients.find((other) => other.id === id)
    if (!recipient) return
    const type = isImpression(field.type) ? impressionOf(recipient.kind) : field.type
    const box = type === 'seal' ? resizeBox(field, { width: field.width, height: field.width }, type, page) : field
    change({ recipientId: id, type, x: box.x, y: box.y, width: box.width, height: box.height })
  }
  return (
    <Stack gap="sm">
      <NativeSelect
        size="sm"
        label={t('panel.recipient')}
        value={field.recipientId}
        onChange={(event) => assign(event.currentTarget.value)}
        data={recipients.map((recipient) => ({ value: recipient.id, label: shownName(recipient) }))}
      />
      {isImpression(field.type) ? null : (
        <>
          <TextInput
            size="sm"
            label={t('panel.label')}
            description={t('panel.label_hint')}
            value={field.label}
            maxLength={100}
            onChange={(event) => change({ label: event.currentTarget.value }, 'label')}
          />
          <Checkbox
            label={t('panel.required')}
            checked={field.required}
            onChange={(event) => change({ required: event.currentTarget.checked })}
          />
        </>
      )}
      <SimpleGrid cols={2} spacing="sm" verticalSpacing="xs">
        <MillimetreInput label={t('panel.x')} points={field.x} onPoints={(x) => setBox(field, { ...field, x })} />
        <MillimetreInput label={t('panel.y')} points={field.y} onPoints={(y) => setBox(field, { ...field, y })} />
        <MillimetreInput
          label={t('panel.width')}
          points={field.width}
          onPoints={(width) => setBox(field, resizeBox(field, { ...field, width }, field.type, page))}
        />
        <MillimetreInput
          label={t('panel.height')}
          points={field.height}
          onPoints={(height) => setBox(field, resizeBox(field, { ...field, height }, field.type, page))}
        />
      </SimpleGrid>
      <NativeSelect
        size="sm"
        label={t('panel.page')}
        value={String(field.page)}
        onChange={(event) => setBox(field, field, Number(event.currentTarget.value))}
        data={pages.map((_, index) => String(index + 1))}
      />
      <Group gap="sm" grow>
        <Button
          variant="default"
          size="sm"
          px="sm"
          leftSection={<IconCopy size={18} aria-hidden />}
          onClick={() => duplicate(field)}
        >
          {t('panel.duplicate')}
        </Button>
        <Button
          variant="default"
          size="sm"
          px="sm"
          leftSection={<IconTrash size={18} aria-hidden />}
          onClick={() => remove(field)}
        >
          {t('panel.delete')}
        </Button>
      </Group>
    </Stack>
  )
}
