import { Radio, SegmentedControl, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type SealPurpose, sealPurposes } from '@/features/signing/ceremony-types'
import { useSigning } from '@/features/signing/signing-context'
import classes from './impression.module.css'
import { PanelForm } from './panel-form'
import { PreviewBox } from './preview-box'
import { defaultDiameter, sealDiameters } from './seal-size'
import type { Adopt } from './use-adopt'
import { usePreview } from './use-preview'

/** Choices of the drawn seal, with the server's drawing of them beside. */
export function SealPanel({ adopt }: { adopt: Adopt }) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const [purpose, setPurpose] = useState<SealPurpose>('contract')
  const [diameter, setDiameter] = useState(String(defaultDiameter))
  const [number, setNumber] = useState('')
  const input = useMemo(
    () => ({ kind: 'seal_drawn' as const, purpose, diameter_mm: Number(diameter), ...(number ? { number } : {}) }),
    [purpose, diameter, number],
  )
  const preview = usePreview(rcp, input)
  return (
    <PanelForm onSubmit={() => adopt.make(input)}>
      <PreviewBox preview={preview} seal />
      <Radio.Group
        label={t('impression.purpose')}
        value={purpose}
        onChange={(value) => setPurpose(value as SealPurpose)}
      >
        <div className={classes.purposes}>
          {sealPurposes.map((name) => (
            <Radio.Card key={name} value={name} className={classes.purpose}>
              <Radio.Indicator />
              {t(`impression.purpose_${name}`)}
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <DiameterChoice value={diameter} onChange={setDiameter} />
      <TextInput
        label={t('impression.number')}
        description={t('impression.number_hint')}
        inputMode="numeric"
        autoComplete="off"
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value.normalize('NFKC').replace(/\D/g, '').slice(0, 13))}
      />
    </PanelForm>
  )
}

export function DiameterChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('signing')
  return (
    <div>
      <p className={classes.label} id="seal-diameter">
        {t('impression.diameter')}
      </p>
      <SegmentedControl
        fullWidth
        size="md"
        aria-labelledby="seal-diameter"
        value={value}
        onChange={onChange}
        data={sealDiameters.map(String)}
      />
    </div>
  )
}
