import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/policies'
import type { Policy, Recipient } from '@/api/types'
import { currentLocale } from '@/i18n/i18n'
import type { Locale } from '@/i18n/locale'
import { PolicyAbout, PolicyFacts } from '@/ui/policy-facts'
import { ProblemAlert } from '@/ui/problem-alert'
import { shownName } from './envelope-problems'
import classes from './review.module.css'

interface PolicyChoiceProps {
  /** As the list refers to it. */
  value: string
  onChange: (reference: string) => void
}

/** Which signing policy holds for the envelope, and what it asks of each recipient. */
export function PolicyChoice({ value, onChange }: PolicyChoiceProps) {
  const { t } = useTranslation('common')
  const { data, error } = useQuery(policiesQuery)
  const locale = currentLocale()
  const policies = data?.items ?? []
  const chosen = policies.find(({ reference }) => reference === value)
  const gone = { value, label: t('policy.gone'), disabled: true }
  return (
    <>
      <NativeSelect
        label={t('policy.label')}
        description={t('policy.hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={data && !chosen ? t('policy.gone_hint') : undefined}
        data={data ? [...(chosen ? [] : [gone]), ...grouped(policies, locale, t)] : [value]}
        mt="md"
      />
      <ProblemAlert error={error} />
      {chosen ? (
        <div className={classes.policy}>
          {chosen.organization ? <p>{conditionsOf(chosen.organization, t)}</p> : null}
          <PolicyAbout policy={chosen} />
          <PolicyFacts policy={chosen} />
        </div>
      ) : null}
    </>
  )
}

interface OwnPolicyProps {
  recipient: Recipient
  /** The policy of everybody who has none of their own. */
  common: string
  value: string | null
  onChange: (reference: string | null) => void
}

/** Another signing policy for one recipient alone. */
export function OwnPolicy({ recipient, common, value, onChange }: OwnPolicyProps) {
  const { t } = useTranslation('common')
  const { data } = useQuery(policiesQuery)
  const locale = currentLocale()
  const policies = data?.items ?? []
  const shared = policies.find(({ reference }) => reference === common)
  const gone = value && data && policies.every(({ reference }) => reference !== value)
  const others = policies
    .filter(({ reference }) => reference !== common)
    .map((policy) => ({
      ...policy,
      title: { ...policy.title, [locale]: t('policy.alone', { title: policy.title[locale] }) },
    }))
  return (
    <NativeSelect
      size="sm"
      aria-label={t('policy.label_of', { name: shownName(recipient) })}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      error={gone ? t('policy.gone_hint') : undefined}
      data={[
        { value: '', label: t('policy.as_all', { title: shared?.title[locale] ?? common }) },
        ...(gone ? [{ value, label: t('policy.gone'), disabled: true }] : []),
        ...grouped(others, locale, t),
      ]}
      mt={6}
      maw={340}
    />
  )
}

type Words = TFunction<'common'>

/** By whose they are. Of two organizations of one name, the credit code says which. */
function grouped(policies: readonly Policy[], locale: Locale, t: Words) {
  const groups = new Map<string, { value: string; label: string; disabled: boolean }[]>()
  for (const policy of policies) {
    const group = groupOf(policy, t)
    const items = groups.get(group) ?? []
    items.push({ value: policy.reference, label: policy.title[locale], disabled: !policy.available })
    groups.set(group, items)
  }
  return [...groups].map(([group, items]) => ({ group, items }))
}

function groupOf({ organization, built_in }: Policy, t: Words): string {
  if (organization) return conditionsOf(organization, t)
  return t(built_in ? 'policy.page.built_in' : 'policy.page.own')
}

function conditionsOf({ name, credit_code }: NonNullable<Policy['organization']>, t: Words): string {
  return t('policy.conditions_of_code', { organization: name, code: credit_code })
}
