import { Radio } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Impression } from '@/api/types'
import { useSigning } from '@/features/signing/signing-context'
import { useFormat } from '@/i18n/format'
import classes from './impression.module.css'
import { ImpressionImage } from './impression-image'
import { PanelForm } from './panel-form'
import type { Adopt } from './use-adopt'

export function SavedPanel({ adopt, saved }: { adopt: Adopt; saved: readonly Impression[] }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { adopted } = useSigning().ceremony
  const [chosen, setChosen] = useState(adopted ?? saved[0]?.id ?? '')
  return (
    <PanelForm onSubmit={() => adopt.choose(chosen)}>
      <Radio.Group value={chosen} onChange={setChosen} aria-label={t('impression.tab_saved')}>
        <div className={classes.saved}>
          {saved.map((impression) => (
            <Radio.Card key={impression.id} value={impression.id} className={classes.savedCard}>
              <ImpressionImage impression={impression} />
              <span className={classes.savedLabel}>
                <Radio.Indicator />
                {t('impression.saved_label', { date: format.dateTime(impression.created_at) })}
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
    </PanelForm>
  )
}
