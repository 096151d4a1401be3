import { Button, Card, Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { policiesQuery, writePolicy } from '@/api/policies'
import type { PolicyInput, PolicyOrganization } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './policies.module.css'

const assurances = ['low', 'substantial', 'high'] as const
const ways = ['pin', 'passkey', 'device', 'pkcs11'] as const
const wills = ['sms', 'email', 'passkey', 'face'] as const
const levels = ['PAdES-B-T', 'PAdES-B-LT', 'PAdES-B-LTA'] as const

const empty: PolicyInput = {
  organization: null,
  name: '',
  title: { en: '', 'zh-CN': '' },
  assurance: 'substantial',
  max_age_days: null,
  custody: ['passkey'],
  will: [],
  time: 'trusted',
  level: 'PAdES-B-LTA',
}

/** A policy of the sender's own, or of an organization that they administer, or a new version of one. */
export function PolicyForm({ organizations }: { organizations: readonly PolicyOrganization[] }) {
  const { t } = useTranslation('common')
  const client = useQueryClient()
  const [draft, setDraft] = useState(empty)
  const save = useMutation({
    mutationFn: () => writePolicy(draft),
    onSuccess: () => client.invalidateQueries({ queryKey: policiesQuery.queryKey }),
  })
  const change = (part: Partial<PolicyInput>) => {
    setDraft({ ...draft, ...part })
    if (!save.isIdle) save.reset()
  }
  const text = (label: string, value: string, onText: (typed: string) => void, description?: string) => (
    <TextInput
      label={label}
      description={description}
      value={value}
      onChange={(event) => onText(event.currentTarget.value)}
      required
    />
  )
  return (
    <Card component="section" className={classes.card}>
      <h2 className={classes.title}>{t('policy.page.write')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="md">
          {organizations.length > 0 ? (
            <NativeSelect
              label={t('policy.page.author')}
              description={t('policy.page.author_hint')}
              value={draft.organization ?? ''}
              onChange={(event) => change({ organization: event.currentTarget.value || null })}
              data={[
                { value: '', label: t('policy.page.author_self') },
                ...organizations.map(({ id, name, credit_code }) => ({ value: id, label: `${name} · ${credit_code}` })),
              ]}
            />
          ) : null}
          {text(t('policy.page.name'), draft.name, (name) => change({ name }), t('policy.page.name_hint'))}
          {text(t('policy.page.title_en'), draft.title.en, (en) => change({ title: { ...draft.title, en } }))}
          {text(t('policy.page.title_zh'), draft.title['zh-CN'], (zh) =>
            change({ title: { ...draft.title, 'zh-CN': zh } }),
          )}
          <NativeSelect
            label={t('policy.page.assurance_label')}
            value={draft.assurance}
            onChange={(event) => change({ assurance: pick(assurances, event.currentTarget.value) })}
            data={assurances.map((value) => ({ value, label: sentence(t(`policy.assurance.${value}`)) }))}
          />
          <TextInput
            label={t('policy.page.age_label')}
            description={t('policy.page.age_hint')}
            inputMode="numeric"
            value={draft.max_age_days ?? ''}
            onChange={(event) => change({ max_age_days: days(event.currentTarget.value) })}
          />
          <Checkbox.Group
            label={t('policy.page.custody_label')}
            value={draft.custody}
            onChange={(chosen) => change({ custody: ways.filter((way) => chosen.includes(way)) })}
          >
            <Stack gap={6} mt={6}>
              {ways.map((way) => (
                <Checkbox key={way} value={way} label={sentence(t(`policy.custody.${way}`))} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Checkbox.Group
            label={t('policy.page.will_label')}
            description={t('policy.page.will_hint')}
            value={draft.will}
            onChange={(chosen) => change({ will: wills.filter((way) => chosen.includes(way)) })}
          >
            <Stack gap={6} mt={6}>
              {wills.map((way) => (
                <Checkbox key={way} value={way} label={sentence(t(`policy.will.${way}`))} />
              ))}
            </Stack>
          </Checkbox.Group>
          <NativeSelect
            label={t('policy.page.level_label')}
            value={draft.level}
            onChange={(event) => change({ level: pick(levels, event.currentTarget.value) })}
            data={levels.map((value) => ({ value, label: sentence(t(`policy.level.${value}`)) }))}
          />
          <ProblemAlert error={save.error} takeFocus />
          <p role="status" className={classes.name}>
            {save.data ? t('policy.page.saved', { name: save.data.name, version: save.data.version }) : ''}
          </p>
          <Button type="submit" loading={save.isPending} style={{ alignSelf: 'flex-start' }}>
            {t('policy.page.save')}
          </Button>
        </Stack>
      </form>
    </Card>
  )
}

/** A part of a sentence, as one of its own. */
function sentence(part: string): string {
  return part.charAt(0).toUpperCase() + part.slice(1)
}

function pick<T extends string>(values: readonly [T, ...T[]], value: string): T {
  return values.find((it) => it === value) ?? values[0]
}

function days(typed: string): number | null {
  const number = Number.parseInt(typed, 10)
  return Number.isNaN(number) ? null : number
}
