import { Button, Tabs } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { seals } from '@/features/signing/document/seals'
import { Screen } from '@/features/signing/screen'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { ProblemAlert } from '@/ui/problem-alert'
import { DrawPanel } from './draw-panel'
import classes from './impression.module.css'
import { panelFormId } from './panel-form'
import { SavedPanel } from './saved-panel'
import { SealPanel } from './seal-panel'
import { TypePanel } from './type-panel'
import { UploadPanel } from './upload-panel'
import { useAdopt } from './use-adopt'

const personTabs = ['draw', 'type'] as const
const organizationTabs = ['seal', 'upload'] as const
const actOf = {
  draw: 'draw_open',
  type: 'use_signature',
  seal: 'use_seal',
  upload: 'use_seal',
  saved: 'go_on',
} as const
type Tab = keyof typeof actOf

/** A signature for a person, a seal for a company; each with its alternatives beside it. */
export function ImpressionScreen() {
  const { t } = useTranslation('signing')
  const kind = seals(useSigning().ceremony.recipient) ? 'organization' : 'person'
  const { impressions } = useSigning().ceremony
  const adopt = useAdopt()
  const saved = impressions.filter((impression) => impression.kind.startsWith('seal') === (kind === 'organization'))
  const own: readonly Tab[] = kind === 'organization' ? organizationTabs : personTabs
  const tabs: readonly Tab[] = saved.length > 0 ? ['saved', ...own] : own
  const [tab, setTab] = useState<Tab>(tabs[0] ?? 'draw')
  const panels = {
    draw: <DrawPanel adopt={adopt} />,
    type: <TypePanel adopt={adopt} />,
    seal: <SealPanel adopt={adopt} />,
    upload: <UploadPanel adopt={adopt} />,
    saved: <SavedPanel adopt={adopt} saved={saved} />,
  }

  return (
    <Screen
      title={t(`impression.title_${kind}`)}
      lead={<p>{t(`impression.lead_${kind}`)}</p>}
      bar={
        <StepBar>
          <Button type="submit" form={panelFormId} loading={adopt.pending}>
            {t(`impression.${actOf[tab]}`)}
          </Button>
        </StepBar>
      }
    >
      <ProblemAlert error={adopt.error} takeFocus />
      <Tabs
        value={tab}
        onChange={(next) => setTab(next as Tab)}
        keepMounted={false}
        classNames={{ tab: classes.tab, panel: classes.panel }}
      >
        <Tabs.List grow>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`impression.tab_${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((name) => (
          <Tabs.Panel key={name} value={name}>
            {panels[name]}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Screen>
  )
}
