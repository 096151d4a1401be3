import { TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSigning } from '@/features/signing/signing-context'
import { PanelForm } from './panel-form'
import { PreviewBox } from './preview-box'
import type { Adopt } from './use-adopt'
import { usePreview } from './use-preview'

export function TypePanel({ adopt }: { adopt: Adopt }) {
  const { t } = useTranslation(['signing', 'problem'])
  const { rcp, ceremony } = useSigning()
  const [text, setText] = useState(ceremony.recipient.name)
  const [empty, setEmpty] = useState(false)
  const name = text.trim()
  const input = useMemo(() => (name ? ({ kind: 'typed', text: name } as const) : null), [name])
  const preview = usePreview(rcp, input)
  const submit = () => {
    setEmpty(!input)
    if (input) adopt.make(input)
  }
  return (
    <PanelForm onSubmit={submit}>
      <TextInput
        label={t('impression.typed_name')}
        description={t('impression.typed_hint')}
        autoComplete="name"
        maxLength={60}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={empty && !input ? t('problem:impression_empty') : undefined}
        required
      />
      {input ? <PreviewBox preview={preview} seal={false} /> : null}
    </PanelForm>
  )
}
